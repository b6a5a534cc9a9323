"""Two sets of pictures are compared by their pixels; what a picture leaves out is what is new each time."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from bench.screens import compare, demo
from bench.screens.album import ALWAYS_NEW, LOOKS, Album, file_name
from bench.screens.take import chromium
from tests.server import ROOT


def drawn(folder: Path, name: str, *, size: tuple[int, int] = (40, 30), spots: int = 0) -> Path:
    """A white picture with so many black pixels."""
    folder.mkdir(exist_ok=True)
    picture = Image.new("RGB", size, "white")
    for x in range(spots):
        picture.putpixel((x, 0), (0, 0, 0))
    picture.save(folder / name)
    return folder / name


@pytest.fixture
def sets(tmp_path: Path) -> tuple[Path, Path, Path]:
    return tmp_path / "before", tmp_path / "after", tmp_path / "into"


def test_what_differs_is_told_most_pixels_first(sets: tuple[Path, Path, Path]) -> None:
    before, after, into = sets
    for name, spots in {
        "same": (5, 5),
        "rounded": (0, 20),
        "little": (0, 23),
        "much": (0, 38),
    }.items():
        drawn(before, f"{name}.png", spots=spots[0])
        drawn(after, f"{name}.png", spots=spots[1])
    drawn(before, "gone.png")
    drawn(after, "new.png")

    told = [each.words for each in compare.compare(before, after, into)]

    assert told == [
        "much.png: 38 pixels",
        "little.png: 23 pixels",
        "gone.png: only before",
        "new.png: only after",
    ]


def test_what_differs_is_marked(sets: tuple[Path, Path, Path]) -> None:
    before, after, into = sets
    drawn(before, "page.png")
    drawn(after, "page.png", spots=30)

    compare.compare(before, after, into)

    marked = Image.open(into / "page.png").convert("RGB")
    assert [x for x in range(40) if marked.getpixel((x, 0)) == compare.CHANGED] == list(range(30))


def test_a_longer_page_differs_by_what_was_added(sets: tuple[Path, Path, Path]) -> None:
    before, after, _into = sets
    one, other = drawn(before, "page.png"), drawn(after, "page.png", size=(40, 33))
    assert compare.differing(one, other)[0] == compare.differing(other, one)[0] == 40 * 3


def test_the_rounding_of_a_blend_is_no_difference(tmp_path: Path) -> None:
    shades = {"one": (100, 100, 100), "other": (100, 100, 107), "third": (100, 108, 100)}
    for name, shade in shades.items():
        Image.new("RGB", (4, 4), shade).save(tmp_path / f"{name}.png")
    first = tmp_path / "one.png"
    assert compare.differing(first, tmp_path / "other.png")[0] == 0
    assert compare.differing(first, tmp_path / "third.png")[0] == 16


def test_a_page_that_has_another_name_since_is_compared(sets: tuple[Path, Path, Path]) -> None:
    before, after, into = sets
    drawn(before, "studio-cups.390.png")
    drawn(after, "studio-mugs.390.png", spots=30)

    found = compare.compare(before, after, into, {"cups": "mugs"})

    assert [each.words for each in found] == ["studio-mugs.390.png: 30 pixels"]


def test_the_report_shows_each_difference_side_by_side(tmp_path: Path) -> None:
    drawn(tmp_path / "before", "page.png")
    drawn(tmp_path / "after", "page.png", spots=30)

    ran = subprocess.run(
        [
            sys.executable,
            "-m",
            "bench.screens.compare",
            str(tmp_path / "before"),
            str(tmp_path / "after"),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 1, ran.stderr
    assert "page.png: 30 pixels" in ran.stdout
    assert "1 differ, 0 are the same" in ran.stdout
    report = tmp_path / "before-after" / "index.html"
    shown = re.findall(r'src="([^"]+)"', report.read_text())
    assert shown == ["../before/page.png", "../after/page.png", "page.png"]
    assert all((report.parent / each).is_file() for each in shown)


@pytest.mark.parametrize(
    ("shown", "kept"),
    [
        ("Waffle bowl …7Q4K", "Waffle bowl …CODE"),
        ("7Q4K-9XWM-2HTD-P6VC-R", "CODE"),
        ("today at 11:07", "today at 11:00"),
        ("8:07 p.m.", "8:00 p.m."),
        ("Order E9E3-04D6", "Order ORDER"),
        ("7Q4K\xa09XWM\xa02HTD\xa0P6VC\xa0R", "CODE"),
        (
            "http://127.0.0.1:34485/l/foot-of-the-receipt-jemkz/",
            "http://127.0.0.1/l/foot-of-the-receipt-new/",
        ),
        ("Last seen 34 minutes ago", "Last seen 5 minutes ago"),
        ("$311.30", "$311.30"),
        ("http://127.0.0.1:34485/till/pair/", "http://127.0.0.1/till/pair/"),
    ],
)
def test_what_is_new_each_time_is_painted_over(shown: str, kept: str) -> None:
    for pattern, instead in ALWAYS_NEW:
        shown = re.sub(pattern, instead.replace("$", "\\"), shown)
    assert shown == kept


def test_a_page_is_taken_in_each_look_and_given_back_as_it_was(tmp_path: Path) -> None:
    """One corner is green, blue in the dark, red in forced colours; from the right it is the other one."""
    sheet = """<!doctype html><html lang="en" dir="ltr"><style>body { margin: 0; background: #fff }
      i { display: block; width: 40px; height: 40px; background: #0f0 }
      @media (prefers-color-scheme: dark) { i { background: #00f } }
      @media (forced-colors: active) { i { forced-color-adjust: none; background: #f00 } }
    </style><i></i></html>"""
    with (
        chromium() as browser,
        (album := Album(tmp_path, browser, LOOKS, only="page|again")).person() as page,
    ):
        page.set_content(sheet)
        album.take(page, "page")
        album.take(page, "again")
        album.take(page, "another")
        assert page.locator("html").get_attribute("dir") == "ltr"

    def corners(name: str) -> list[tuple[int, ...]]:
        picture = Image.open(tmp_path / f"{name}.png").convert("RGB")
        return [picture.getpixel((x, 4)) for x in (4, picture.width - 4)]

    green, blue, red, white = (0, 255, 0), (0, 0, 255), (255, 0, 0), (255, 255, 255)
    for name in ("page", "again"):
        assert corners(f"{name}.390") == [green, white]
        assert corners(f"{name}.390.dark")[0] == blue
        assert corners(f"{name}.1024.forced")[0] == red
        assert corners(f"{name}.1024.rtl") == [white, green]
    assert len(list(tmp_path.iterdir())) == 2 * 2 * len(LOOKS)


def test_a_picture_has_a_plain_name() -> None:
    assert file_name("mail-ben-à la carte/2.390") == "mail-ben-à-la-carte-2.390"


def test_a_copy_has_what_a_commit_would_have(tmp_path: Path) -> None:
    checkout, copied = tmp_path / "checkout", tmp_path / "copied"
    subprocess.run(["git", "init", "-q", str(checkout)], check=True)
    for name in ("manage.py", "tests/test_it.py", ".local/secrets", "giftshop/new.py"):
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        (checkout / name).write_text(name)
    (checkout / ".gitignore").write_text(".local/\n")

    demo.copy(checkout, copied)

    found = {str(path.relative_to(copied)) for path in copied.rglob("*") if path.is_file()}
    assert found == {"manage.py", "giftshop/new.py", ".gitignore"}
