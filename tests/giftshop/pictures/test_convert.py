"""Sizes are upright, in the colours that were meant, cut where the owner says, and hold nothing else."""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageCms

from giftshop.pictures import child, convert
from giftshop.pictures.models import Picture
from giftshop.pictures.prepare import SHAPES
from tests.giftshop.pictures.peak import peak_of_program
from tests.giftshop.pictures.uploads import (
    BLUE,
    GREEN,
    RED,
    WHITE,
    encoded,
    near,
    on_disk,
    promising,
    quarters,
)

CORNERS = {RED: (0.2, 0.2), GREEN: (0.8, 0.2), BLUE: (0.2, 0.8), WHITE: (0.8, 0.8)}
Made = Callable[..., dict[str, Image.Image]]


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """The files of an upload, by name."""

    def make(content: bytes, purpose: str = "treat", focus: Any = (50, 50)) -> Any:
        answer = ask(content, tmp_path, purpose, focus)
        return {each["file"]: opened(tmp_path / each["file"]) for each in answer["files"]}

    return make


def ask(content: bytes, folder: Path, purpose: str = "treat", focus: Any = (50, 50)) -> Any:
    """As the program answers, without starting it."""
    with on_disk(content) as file:
        try:
            return {"files": convert.convert(file, asked(folder, purpose, focus))}
        except convert.Refused as refused:
            return {"refused": str(refused)}


def asked(folder: Path, purpose: str = "treat", focus: Any = (50, 50)) -> dict[str, Any]:
    shapes = SHAPES[Picture.Purpose(purpose)]
    return {"folder": str(folder), "focus": focus, "pixels_max": 50_000_000, "shapes": shapes}


def opened(path: Path) -> Image.Image:
    with Image.open(path) as image:
        image.load()
        return image


def of(files: dict[str, Image.Image]) -> list[tuple[str, Path]]:
    """Where each lies."""
    return [(name, Path(image.filename)) for name, image in files.items()]  # type: ignore[attr-defined]


def asked_of(program: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """What another program answers in its place."""
    monkeypatch.setattr(child, "PROGRAM", program)
    with on_disk(b"") as file:
        return child.ask(file)


def colours(image: Image.Image) -> list[Any]:
    plain = image.convert("RGB")
    return [
        plain.getpixel((int(plain.width * x), int(plain.height * y))) for x, y in CORNERS.values()
    ]


def assert_quarters(image: Image.Image, by: int = 28) -> None:
    assert all(near(found, want, by) for found, want in zip(colours(image), CORNERS, strict=True))


def test_a_treat_has_these_sizes(made: Made) -> None:
    files = made(encoded(quarters(3000, 2000), "JPEG"))
    assert {name: image.size for name, image in files.items()} == {
        "wide-320": (320, 240),
        "wide-640": (640, 480),
        "wide-1280": (1280, 960),
        "square-160": (160, 160),
        "square-480": (480, 480),
        "mail-600": (600, 450),
        "whole-2048": (2048, 1365),
    }
    assert {image.format for name, image in files.items() if name != "mail-600"} == {"WEBP"}
    assert files["mail-600"].format == "JPEG"
    for image in files.values():
        assert_quarters(image)


def test_nothing_is_made_larger_than_it_came(made: Made) -> None:
    files = made(encoded(quarters(400, 300), "PNG"))
    assert sorted(files) == [
        "mail-400", "square-160", "square-300", "whole-400", "wide-320", "wide-400",
    ]  # fmt: skip


ORIENTATION, CAMERA, GPS = 0x0112, 0x010F, 0x8825
BACK = {1: None, 2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
"""How to lay a picture so that its camera's word for that puts it upright again."""
KINDS = ("JPEG", "PNG", "WEBP")


@pytest.mark.parametrize(
    ("turn", "kind"), [*((turn, "JPEG") for turn in BACK), (5, "PNG"), (8, "WEBP")]
)
def test_what_was_held_otherwise_is_turned_upright_in_every_size(
    made: Made, turn: int, kind: str
) -> None:
    back = BACK[turn]
    lying = quarters() if back is None else quarters().transpose(Image.Transpose(back))
    exif = Image.Exif()
    exif[ORIENTATION] = turn
    files = made(encoded(lying, kind, exif=exif, quality=95))
    assert len(files) > 5
    for image in files.values():
        assert_quarters(image)
    width, height = quarters().size
    assert files["whole-800"].size == (800, 800 * height // width)


@pytest.mark.parametrize(
    ("kind", "purpose"),
    [
        *((kind, "treat") for kind in KINDS),
        *(("JPEG", other) for other in ("logo", "hero", "news")),
    ],
)
def test_place_time_and_comments_are_gone_from_every_size(
    made: Made, kind: str, purpose: str
) -> None:
    exif = Image.Exif()
    exif[CAMERA] = "SecretCamera"
    exif[ORIENTATION] = 6
    place = exif.get_ifd(GPS)
    place[1], place[2], place[3], place[4] = "N", (47.0, 36.0, 22.5), "W", (122.0, 19.0, 59.5)
    place[27] = b"SecretPlace"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    xmp = b"<x:xmpmeta><exif:GPSLatitude>SecretLatitude</exif:GPSLatitude></x:xmpmeta>"
    more = {"comment": b"SecretWords"} if kind == "JPEG" else {}
    came = encoded(
        quarters(1600, 1600), kind, exif=exif, icc_profile=profile, xmp=xmp, quality=90, **more
    )
    assert b"Secret" in came
    files = made(came, purpose)
    assert files
    for (name, path), image in zip(of(files), files.values(), strict=True):
        raw = path.read_bytes()
        assert not image.getexif(), name
        assert not {"icc_profile", "exif", "comment", "xmp"} & image.info.keys(), name
        assert not [word for word in (b"Secret", b"Exif", b"EXIF", b"GPS") if word in raw], name


def test_sixteen_bits_of_grey(made: Made) -> None:
    deep = Image.new("I;16", (400, 400), 0x8000)
    assert near(colours(made(encoded(deep, "PNG"))["wide-320"])[0], (128, 128, 128), 3)


@pytest.mark.parametrize(
    ("mode", "kind"),
    [("CMYK", "JPEG"), ("L", "JPEG"), ("P", "PNG"), ("1", "PNG"), ("LA", "PNG"), ("RGBA", "WEBP")],
)
def test_every_way_to_write_colours(made: Made, mode: str, kind: str) -> None:
    image = made(encoded(quarters(mode=mode), kind))["wide-320"]
    if mode in {"L", "1", "LA"}:
        assert near(colours(image)[3], WHITE, 40)
    else:
        assert_quarters(image, 60)


def test_colours_of_a_profile_are_those_that_were_meant(made: Made) -> None:
    """A grey in a profile with another brightness: read as sRGB it would stay 128."""
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    broken = encoded(quarters(), "JPEG", icc_profile=b"no profile at all")
    assert_quarters(made(broken)["whole-800"])
    assert_quarters(made(encoded(quarters(), "JPEG", icc_profile=lab))["whole-800"])


def test_what_is_clear_stays_clear_and_is_white_in_mails(made: Made) -> None:
    clear = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    files = made(encoded(clear, "PNG"))
    assert files["wide-320"].convert("RGBA").getpixel((5, 5))[3] == 0  # type: ignore[index]
    assert near(files["mail-400"].getpixel((5, 5)), WHITE, 2)


def test_of_what_moves_the_first_picture_is_taken(made: Made) -> None:
    first, second = Image.new("RGB", (400, 400), RED), Image.new("RGB", (400, 400), BLUE)
    for kind in ("WEBP", "PNG"):
        moving = encoded(first, kind, save_all=True, append_images=[second], duration=100)
        assert near(colours(made(moving)["wide-320"])[0], RED)


@pytest.mark.parametrize(
    ("focus", "seen"), [((0, 0), RED), ((100, 0), GREEN), ((0, 100), RED), ((100, 100), GREEN)]
)
def test_a_cut_keeps_the_focus_in_sight(made: Made, focus: tuple[int, int], seen: Any) -> None:
    """Of what is far too wide: the left end or the right one."""
    square = made(encoded(quarters(1600, 400), "JPEG"), focus=focus)["square-160"]
    assert near(square.convert("RGB").getpixel((80, 20)), seen)


def test_a_logo_is_never_cut(made: Made) -> None:
    files = made(encoded(quarters(800, 200), "PNG"), "logo")
    image = files["square-256"].convert("RGBA")
    assert image.getpixel((128, 10))[3] == 0  # type: ignore[index]
    assert near(image.getpixel((20, 110)), RED)
    assert files["mail-180"].format == "PNG"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_half_a_picture_is_broken(tmp_path: Path, kind: str) -> None:
    content = encoded(quarters(), kind)
    assert ask(content[: len(content) // 2], tmp_path) == {"refused": "broken"}


def test_a_bomb_is_not_drawn(tmp_path: Path) -> None:
    with on_disk(promising(50_000, 50_000)) as file:
        assert child.ask(file, **asked(tmp_path)) == {"refused": "too_heavy"}


def test_memory_and_time_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The most that is taken stays far below a gigabyte; a program that needs more is ended."""
    flat = tmp_path / "flat.jpg"
    flat.write_bytes(encoded(Image.new("RGB", (8000, 6200), RED), "JPEG", quality=20))
    # Forked from here it would begin with all the memory of this process.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
        peak = alone.submit(peak_of_program, flat, asked(tmp_path)).result()
    assert peak < 700_000
    greedy, endless = tmp_path / "greedy.py", tmp_path / "endless.py"
    greedy.write_text("import os, signal; os.kill(os.getpid(), signal.SIGXCPU)")
    endless.write_text("import time; time.sleep(60)")
    monkeypatch.setattr(child, "SECONDS_MAX", 0.5)
    for program in (greedy, endless):
        assert asked_of(program, monkeypatch) == {"refused": "too_heavy"}


def test_the_program_sees_no_key_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    telling = tmp_path / "telling.py"
    telling.write_text("import json, os; print(json.dumps({'seen': sorted(os.environ)}))")
    assert set(asked_of(telling, monkeypatch)["seen"]) <= {"LC_CTYPE"}


def test_made_twice_it_is_the_same(made: Made) -> None:
    content = encoded(quarters(), "JPEG")
    first = {name: path.read_bytes() for name, path in of(made(content))}
    assert first == {name: path.read_bytes() for name, path in of(made(content))}
