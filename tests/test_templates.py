"""Every template has a page, and every page its templates."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from giftshop.giving import steps
from tests.product import PRODUCT

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "templates"
BY_STATUS = {f"{status}.html" for status in (400, 403, 404, 500)}  # Django asks for them by name
COMPOSED = {f"giftshop/giving/{step}.html" for step in steps.NAMES}
COMPOSED |= {"redemption/till/staff.html"}  # with or without one of its parts


def templates() -> set[str]:
    return {str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*") if path.is_file()}


@cache
def quoted(pattern: str) -> frozenset[str]:
    """Every quoted text in the product's code and templates that matches; a part's name is left out."""
    sources = [path for name in PRODUCT for path in (ROOT / name).rglob("*.py")]
    sources += [path for path in FOLDER.rglob("*") if path.is_file()]
    texts = re.findall(r"""["']([^"'\s]+)["']""", "\n".join(p.read_text() for p in sources))
    return frozenset(text.partition("#")[0] for text in texts if re.search(pattern, text))


def e_mails() -> set[str]:
    """They are named once for two forms, letter(name="gift"), and include one another by MJML's own tag."""
    rooms = [ROOT / name for name in ("giftshop", "campaigns")]
    trees = [ast.parse(each.read_text()) for room in rooms for each in room.rglob("*emails.py")]
    keywords = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.keyword)]
    names = {
        keyword.value.value
        for keyword in keywords
        if keyword.arg == "name" and isinstance(keyword.value, ast.Constant)
    }
    written = {f"emails/{name}.{form}" for name in names for form in ("mjml", "txt")}
    letters = [FOLDER / name for name in written if name.endswith(".mjml")]
    for letter in letters:
        written |= {
            f"emails/{part}" for part in re.findall(r'<mj-include path="(.+?)"', letter.read_text())
        }
    return written


def test_every_template_is_used():
    used = quoted(r"\.(html|mjml|txt|css|svg)(#|$)") | e_mails() | COMPOSED | BY_STATUS
    assert templates() - used == set()


def test_every_template_that_is_named_exists():
    named = {name for name in quoted(r"^\w[\w/]*/\w+\.(html|mjml)(#|$)") if "{" not in name}
    assert len(named) > 30
    assert (named | e_mails() | COMPOSED) - templates() == set()


def test_every_component_is_on_a_page_that_is_not_the_gallery():
    parts = {name for name in templates() if name.startswith("components/")}
    used = {
        part
        for name in templates()
        if not name.startswith("design/")
        for part in re.findall(r"components/[\w/]+\.html", (FOLDER / name).read_text())
        if part != name
    }
    assert len(parts) > 25
    assert parts - used == set()


def test_every_component_is_shown_in_the_gallery():
    """By itself, inside another that is, or in a frame around pages."""
    shown, waiting = set[str](), ["design/gallery.html", "studio_base.html", "till_base.html"]
    while waiting:
        text = (FOLDER / waiting.pop()).read_text()
        parts = set(re.findall(r"(?:components|design)/[\w/]+\.html", text))
        parts |= set(re.findall(r'extends "([\w./]+)"', text))
        waiting += parts - shown
        shown |= parts
    assert {name for name in templates() if name.startswith("components/")} - shown == set()


def test_every_form_that_posts_says_where_to():
    """Without an action a form posts to the page's own address with its #fragment, which then sticks to the
    pages that redirects lead to, and keeps the focus from what is wrong."""
    found, silent = 0, []
    for path in FOLDER.rglob("*.html"):
        for tag in re.findall(r"<form\b[^>]*>", path.read_text()):
            if 'method="post"' in tag:
                found += 1
                where = re.search(r' action="([^"]+)"', tag)
                if not where or "#" in where[1]:
                    silent.append(f"{path.relative_to(FOLDER)}: {tag}")
    assert found > 40
    assert silent == []


def test_a_part_that_scrolls_has_a_name_of_its_own() -> None:
    """It is a landmark, and so is a section that has a name; two of one name are told apart by nobody."""
    found, twice = 0, []
    for path in FOLDER.rglob("*.html"):
        tags = re.findall(r"<(?:section|div)\b[^>]*>", path.read_text())
        scrolls = [tag for tag in tags if 'role="region"' in tag]
        found += len(scrolls)
        names = re.findall(r' aria-labelledby="[^"]+"', "".join(scrolls))
        twice += [
            f"{path.relative_to(FOLDER)}:{name}"
            for name in names
            if sum(name in tag for tag in tags) > 1
        ]
    assert found > 20
    assert twice == []


LONGEST_LINE = 160
ONE_TAG = re.compile(r"\s*\{%(?:(?!%\}).)*%\}")
"""A tag of Django can't be broken: it may stand on a line of its own that is longer."""


def too_long(text: str) -> list[str]:
    """The lines whose difference nobody could read at a glance."""
    return [
        line
        for line in text.splitlines()
        if len(line) > LONGEST_LINE and not ONE_TAG.fullmatch(line)
    ]


def test_a_difference_between_templates_can_be_read_line_by_line():
    long_tag = f'{{% include "{"x" * LONGEST_LINE}" %}}'
    assert too_long(f"  {long_tag}") == []
    assert too_long(f"<p>{long_tag}")
    assert too_long("x" * (LONGEST_LINE + 1))
    pages = sorted(name for name in templates() if not name.endswith(".txt"))
    assert {name: too_long((FOLDER / name).read_text()) for name in pages} == {
        name: [] for name in pages
    }


def test_every_page_says_its_language_and_direction():
    """Also those that the proxy shows, and those for when something is broken."""
    folders = [FOLDER, ROOT / "deploy"]
    sources = [path for folder in folders for path in folder.rglob("*.*") if path.is_file()]
    opened = {
        f"{path.relative_to(ROOT)}": tag
        for path in sources
        if path.suffix in {".html", ".mjml"}
        for tag in re.findall(r"<(?:html|mjml)\b[^>]*>", path.read_text())
    }
    assert {
        name for name, tag in opened.items() if "lang=" not in tag or "dir=" not in tag
    } == set()
    assert len(opened) > 15
    assert "templates/fault.html" in opened


@pytest.mark.parametrize(("language", "direction"), [("de", "ltr"), ("ar", "rtl")])
def test_a_fault_is_told_in_the_direction_of_its_language(language: str, direction: str) -> None:
    with translation.override(language):
        for page in ("500.html", "503.html", "proxy_page.html"):
            html = render_to_string(page)
            assert f'<html lang="{language}" dir="{direction}">' in html, page


def test_every_whole_page_is_dressed_for_light_and_dark() -> None:
    """Those for when something is broken too: no page that is walked shows them."""
    whole = {name for name in templates() if "<!doctype html>" in (FOLDER / name).read_text()}
    assert whole == {"base.html", "fault.html", "proxy_page.html"}
    bare = {
        name: missing
        for name in ("500.html", "503.html", "proxy_page.html", "404.html")
        if (missing := undressed(render_to_string(name)))
    }
    assert bare == {}
    assert undressed("<head></head>") == ["stylesheet", "color-scheme"], "the control"


def undressed(html: str) -> list[str]:
    """What a whole page has to name and does not."""
    named = {
        "stylesheet": r'<link rel="stylesheet" href="/[^"]+"',
        "color-scheme": r'<meta name="color-scheme" content="light dark">',
    }
    return [what for what, tag in named.items() if not re.search(tag, html)]


FILLED_LATER = {
    "base.html": "announce.js",
    "components/page/toasts.html": "toast.js puts in anew what the page came with",
    "redemption/till/pad.html": "empty until a code is typed wrong",
    "redemption/till/wait.html": "hidden until there is something to wait for",
}
"""Templates with a live region, and who puts words into it once the page stands."""


def test_no_page_counts_on_a_live_region_for_what_it_comes_with():
    """That is not read aloud: it takes the focus instead."""
    live = re.compile(r"""role=["']?status|aria-live""")
    found = {name for name in templates() if live.search((FOLDER / name).read_text())}
    assert found == set(FILLED_LATER)
