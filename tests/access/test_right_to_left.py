"""Every page that somebody may open, with a name in Arabic in every column of names and words.

In its own direction no name turns round what stands beside it, and what is read from the left in every
language says so. Written from right to left, nothing scrolls sideways, arrows point on, and names stay in
their sentence: no language of ours is written so; the direction is set in what the product sent. `make test`
turns each page at a phone's size where test_looks.py has loaded it, full of the longest values; `make stress`
looks at them with those names, at a phone's size and a desk's.
"""

import ast
import re
from pathlib import Path

import pytest
from playwright.sync_api import ViewportSize

from brands.models import Brand
from core.bidi import is_right_to_left
from tests.access import test_longest_values as sheets
from tests.access.test_matrix import World
from tests.browsers import DESK, PHONE, chromium
from tests.page_words import Words, turning_on
from tests.pages import Pane, seen_at_once, served
from tests.product import PRODUCT

pytestmark = pytest.mark.django_db

NAME, PERSON = "ليلى منصور", "يوسف حداد"
"""What everything is called, and who gives: nobody may be called as the brand is."""
STUDIO = {
    "dashboard",
    "campaign",
    "figure",
    "studio_staff",
    "studio_person",
    "devices",
    "audit_log",
}
STUDIO |= {"studio_stores", "studio_store", "requests"}
CONSOLE = {
    "till_manager_shift",
    "till_manager_person",
    "gift on hold",
    "found",
}
FROM_THE_LEFT = {
    "address": re.compile(r"[\w.]+@[\w.]+\.example\b|https?://"),
    "sign": re.compile(r"(?:^|\s)[+\u2212]\s?[\d$€]"),
    "code": re.compile(r"…[0-9A-Z]{4}\b|^[0-9A-HJKMNP-TV-Z]{4}$"),
}
NAMES = {"name", "short_name", "sender_name", "recipient_name", "actor_name"}

TOO_WIDE = "/too-wide"
ARROWS = 'use[href$="#arrow-left"], use[href$="#arrow-right"]'
KEYPADS = ".keypad, .pad-keys"
LOOK = """async () => {
  await document.fonts.ready;
  const told = [], root = document.documentElement;
  root.dir = "rtl";
  const wide = root.scrollWidth, room = root.clientWidth;
  if (wide > room) {
    const out = [...document.body.querySelectorAll("*")]
      .filter((node) => node.getBoundingClientRect().left < -1);
    const which = out.map((node) => node.outerHTML.slice(0, 60)).slice(0, 3);
    told.push(`scrolls sideways: ${wide} > ${room}, ${which}`);
  }
  for (const arrow of document.querySelectorAll('use[href$="#arrow-left"], use[href$="#arrow-right"]'))
    if (getComputedStyle(arrow.parentElement).scale !== "-1 1") told.push("an arrow points back");
  for (const keys of document.querySelectorAll(".keypad, .pad-keys"))
    if (getComputedStyle(keys).direction !== "ltr") told.push("digits stand the wrong way round");
  for (const name of document.querySelectorAll("bdi")) { // beside words it would be a box of its own
    const around = name.parentElement, words = [...around.childNodes].filter((node) => node.nodeType === 3);
    if (/flex|grid/.test(getComputedStyle(around).display) && words.some((node) => node.data.trim()))
      told.push(`a name leaves its sentence: ${around.textContent.trim().slice(0, 60)}`);
  }
  return told;
}"""


@pytest.fixture(scope="module")
def named(world: World) -> list[sheets.Sheet]:
    """Every page, each once. What is written for it goes with the world."""
    sheets.SEEN.clear()
    sheets.fill(world.own, lambda length: NAME[:length])
    Brand.objects.update(support_email="help@frosty.example")
    return list(sheets.collect(world, lambda length: PERSON[:length]))


def test_no_name_turns_round_what_stands_beside_it(named: list[sheets.Sheet]) -> None:
    told = {sheet.name for sheet in named if is_right_to_left(sheet.html + sheet.panel)}
    assert told >= STUDIO | CONSOLE | {"order", "gift", "shop", "till", "say", "pay", "till: look"}
    found = {sheet.name: turning_on(sheet.html) + turning_on(sheet.panel) for sheet in named}
    assert {name: faults for name, faults in found.items() if faults} == {}


@pytest.mark.parametrize(
    "page",
    [
        f"<p>{NAME}, 2 gifts</p>",
        f"<title>{NAME} · Shop</title>",
        f'<a aria-label="Call {NAME}">Call</a>',
        f'<img alt="\u2068Pike Street, {NAME}">',
    ],
)
def test_a_page_that_forgets_it_is_found(page: str) -> None:
    assert turning_on(page)


def test_what_is_read_from_the_left_says_so(named: list[sheets.Sheet]) -> None:
    seen, wrong = set[str](), set[tuple[str, str]]()
    for sheet in named:
        for html in filter(None, (sheet.html, sheet.panel)):
            for text, _language, inside in Words(html).found:
                for kind in _kinds(text):
                    seen.add(kind)
                    if not {"bdi", "ltr", "option", "pre"} & set(inside):
                        wrong.add((sheet.name, text[:80]))
    assert wrong == set()
    assert seen >= {"address", "sign", "code"}
    assert _kinds("help@frosty.example writes") == ["address"]


def _kinds(text: str) -> list[str]:
    plain = re.sub("\u2066[^\u2069]*\u2069", "", text)
    return [kind for kind, pattern in FROM_THE_LEFT.items() if pattern.search(plain)]


def test_a_sentence_made_in_python_isolates_its_names() -> None:
    root = Path(__file__).parents[2]
    sources = [path for name in PRODUCT for path in (root / name).rglob("*.py")]
    wrong = {f"{path.relative_to(root)}": _bare_names(path.read_text()) for path in sources}
    assert {name: lines for name, lines in wrong.items() if lines} == {}
    assert _bare_names('_("%(who)s came") % {"who": gift.recipient.short_name}') == [1]
    assert _bare_names('_("%(who)s came") % {"who": isolated(found.name)}') == []


def _bare_names(source: str) -> list[int]:
    """The lines in which a name is put into a text as it is."""
    filled = [
        node.right
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod)
    ]
    values = [value for node in filled if isinstance(node, ast.Dict) for value in node.values]
    return [
        value.lineno for value in values if isinstance(value, ast.Attribute) and value.attr in NAMES
    ]


@pytest.mark.journey
@pytest.mark.stress
def test_nothing_scrolls_sideways_at_any_size(named: list[sheets.Sheet]) -> None:
    look_at(named, (PHONE, DESK))


def look_at(named: list[sheets.Sheet], sizes: tuple[ViewportSize, ...]) -> None:
    pages = {
        f"/{at}": seen_at_once(each.html).replace('dir="ltr"', 'dir="rtl"', 1)
        for at, each in enumerate(named)
    }
    found: dict[str, list[str]] = {}
    arrows = keypads = 0
    wide = '<!doctype html><html dir="rtl"><body><main style="inline-size: 120vw">wide</main>'
    with served({**pages, TOO_WIDE: wide}) as host, chromium() as browser:
        pane = Pane(browser, host, PHONE, reduced_motion="reduce")
        for path, sheet in zip(pages, named, strict=True):
            page = pane.open(path, sizes[0])
            sheets.put_in(page, sheet.panel)
            arrows += page.locator(ARROWS).count()
            keypads += page.locator(KEYPADS).count()
            for size in sizes:
                if size is not sizes[0]:
                    pane.resize(size)
                if told := page.evaluate(LOOK):
                    found[f"{sheet.name} at {size['width']}"] = told
        assert pane.open(TOO_WIDE, sizes[0]).evaluate(LOOK), "the control"
    assert not found
    assert len(pages) > 55
    assert arrows > 10
    assert keypads > 1
