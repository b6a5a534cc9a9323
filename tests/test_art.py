"""Drawings are small, plain files that nothing runs in, each with its copy for mails (docs/art.md)."""

import re
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest
from PIL import Image

from giftshop.studio.brand.look_form import DRAWINGS
from giftshop.studio.catalog.forms import drawings
from giftshop.studio.catalog.ready_menus import READY_MENUS
from tests.server import ROOT

ART = ROOT / "static" / "art"
FOLDERS = [folder for folder, _name in DRAWINGS if folder]
TREATS = [ART.parent / path for path in drawings()]
LARGEST = 14 * 1024
PLAIN = {
    *(
        "svg",
        "defs",
        "g",
        "use",
        "path",
        "circle",
        "ellipse",
        "rect",
        "line",
        "polygon",
        "polyline",
    ),
    *("linearGradient", "radialGradient", "stop", "clipPath", "mask", "filter", "pattern"),
}


def parts(file: Path) -> list[Xml.Element]:
    return list(Xml.parse(file).getroot().iter())


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_brand_that_can_be_chosen_has_mark_hero_and_their_copies(folder: str) -> None:
    for name, size in {"mark": (400, 400), "hero": (1200, 640)}.items():
        root = parts(ART / folder / f"{name}.svg")[0]
        assert (root.get("width"), root.get("height")) == tuple(map(str, size))
    with Image.open(ART / folder / "mail" / "preview.png") as preview:
        assert preview.size == (1200, 630)
    assert (ART / folder / "mail" / "mark.png").is_file()


@pytest.mark.parametrize("file", TREATS, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_a_treat_is_small_and_has_a_copy_for_mails(file: Path) -> None:
    assert file.stat().st_size < LARGEST
    root = parts(file)[0]
    assert (root.get("width"), root.get("viewBox")) == ("400", "0 0 400 400")
    assert (file.parent / "mail" / f"{file.stem}.png").is_file()


@pytest.mark.parametrize("folder", ["pizza", "flowers", "neutral"])
def test_nothing_runs_in_one_and_nothing_is_fetched(folder: str) -> None:
    for file in (ART / folder).glob("*.svg"):
        for part in parts(file):
            assert part.tag.rpartition("}")[2] in PLAIN, (file, part.tag)
            assert not [name for name in part.attrib if name == "style" or name.startswith("on")]
            assert str(part.get("href", "#")).startswith("#")
        text = file.read_text()
        assert not re.search(r"url\((?!#)", text)
        ids = re.findall(r' id="(\w+)"', text)
        assert len(ids) == len(set(ids)), f"{file}: an id stands twice"


def test_every_treat_of_a_ready_menu_is_drawn() -> None:
    drawn = set(drawings())
    assert [
        treat.key for menu in READY_MENUS for treat in menu.treats if treat.art not in drawn
    ] == []
