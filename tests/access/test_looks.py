"""Every page for people who see it otherwise: narrow, in few colours, with more contrast, and at rest; and
with the longest values that its columns take (test_longest_values.py), also written from right to left
(test_right_to_left.py).

Pages are made by the product and looked at in one Chromium. `make test` loads each once: in German, whose
words are the longest, full of the longest values; at 320 px, at a phone's size and, of the till, at a
tablet's. `make stress` looks at all in three languages with everyday values, at both narrow sizes; and with
the longest values at each size.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from playwright.sync_api import Frame, Page, ViewportSize

from tests.access.test_longest_values import FAULTS as OVERFLOW
from tests.access.test_longest_values import SEEN, Sheet, collect, fill, put_in
from tests.access.test_matrix import World
from tests.access.test_right_to_left import ARROWS, KEYPADS
from tests.access.test_right_to_left import LOOK as TURNED
from tests.browsers import AT_REST, PHONE, TABLET, bring_axe, chromium
from tests.pages import Pane, seen_at_once, served

pytestmark = [pytest.mark.journey, pytest.mark.django_db]

NARROW: tuple[ViewportSize, ...] = ({"width": 320, "height": 568}, {"width": 320, "height": 256})
"""A small phone, and 1280 x 1024 at 400 %."""

SIDEWAYS = """async () => {
  await document.fonts.ready;
  const page = document.documentElement;
  if (page.scrollWidth <= page.clientWidth) return [];
  const out = [...document.querySelectorAll("body *")]
    .filter((one) => one.getBoundingClientRect().right > innerWidth + 0.5).at(-1);
  return [`${page.lang}: ${page.scrollWidth} px wide on ${innerWidth}, ${out?.tagName}.${out?.className}`];
}"""
TRANSLATE = """(html) => {
  const other = new DOMParser().parseFromString(html, "text/html");
  document.documentElement.lang = other.documentElement.lang;
  document.body.replaceWith(other.body);
}"""
"""The same page in another language: its style sheets are here already."""

RESTLESS = """() => document.getAnimations()
  .filter((one) => one.effect.getComputedTiming().endTime > 5000)
  .map((one) => `${one.animationName} of .${one.effect.target.className} goes on`)
"""
FAINT = Path(__file__).with_name("contrast.js").read_text()
BARE = """() => [...document.querySelectorAll(".button")]
  .filter((one) => one.checkVisibility() && one.getClientRects().length)
  .filter((one) => {
    const style = getComputedStyle(one);
    return style.borderTopStyle === "none" || parseFloat(style.borderTopWidth) < 1;
  })
  .map((one) => `no border: ${one.textContent.trim().slice(0, 30)}`)
"""
TICKED = """() => [...document.querySelectorAll(".choice > input")]
  .filter((one) => {
    const tick = one.parentElement.querySelector(".choice-mark .icon");
    return one.checked !== (getComputedStyle(tick).visibility === "visible");
  })
  .map((one) => `the tick lies: ${one.name} ${one.value}`)
"""
CHOICE = """(group) => {
  const first = group.querySelector(".choice"), around = [];
  if (!first?.checkVisibility()) return [];
  for (let at = first; at; at = at.parentElement) around.push(at.getAttribute("class") ?? "");
  const sheets = [...document.styleSheets].map((sheet) => sheet.href?.split("/").at(-1));
  return [JSON.stringify([first.querySelector("input").type, around, sheets])];
}"""
CHOICES = f"""() => [...document.querySelectorAll(".choices")].flatMap({CHOICE})"""
"""Of each group in sight what it could look by: its classes and those around it, and the page's sheets."""
DRESSED = "() => [...document.styleSheets].map((one) => one.href)"
FAULTS = {
    RESTLESS: "@keyframes on { to { opacity: 0.5; } } main { animation: on 1s 3s 3; }",
    BARE: ".button { border: none !important; }",
    TICKED: ".choice-mark .icon { visibility: visible !important; }",
    SIDEWAYS: "main { min-inline-size: 120vw; }",
    OVERFLOW: "main * { overflow-wrap: normal !important; white-space: nowrap !important; }",
    TURNED: "main { min-inline-size: 120vw; }",
}
"""What each of them is to find, as a rule of a style sheet."""


def pages_in(language: str, world: World, *, filled: bool = False) -> list[Sheet]:
    """Every page; with the longest values if it is to be filled. What making them wrote is taken back."""
    SEEN.clear()
    mark = transaction.savepoint()
    for person in world.people.values():
        person.client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    try:
        if filled:
            fill(world.own)
        return list(collect(world))
    finally:
        transaction.set_rollback(False)
        transaction.savepoint_rollback(mark)


def theme_of(world: World) -> dict[str, str]:
    """Its style sheet, by path."""
    path = f"/theme/{world.own.brand.slug}.css"
    return {path: world.people["anonymous"].client.get(path).content.decode()}


@pytest.mark.stress
def test_every_text_can_be_read_in_the_dark(world: World) -> None:
    """axe judges what is light wherever a journey comes by; here every page, in dark."""
    english, faults = pages_in("en", world), dict[str, list[str]]()
    pages = {f"/{n}": sheet.html for n, sheet in enumerate(english)} | theme_of(world)
    with served(pages) as host, chromium() as browser:
        page = browser.new_page(viewport=PHONE, reduced_motion="reduce", color_scheme="dark")
        for n, sheet in enumerate(english):
            page.goto(f"{host}/{n}", wait_until="load")
            put_in(page, sheet.panel)
            if told := unread(page):
                faults[sheet.name] = told
        page.add_style_tag(content="body { color: #555 !important; }")
        assert unread(page), "the control"
    assert len(english) > 40
    assert not faults, json.dumps(faults, indent=1, ensure_ascii=False)


def unread(page: Page) -> list[str]:
    """The texts of a page at rest that axe finds too faint."""
    page.evaluate(AT_REST)
    bring_axe(page)
    told: list[str] = page.evaluate(
        """async () => {
            const found = await axe.run(document, { runOnly: ["color-contrast"] });
            return found.violations.flatMap(({ nodes }) => nodes).map((node) =>
                `${node.target} ${node.any[0]?.message}`);
        }"""
    )
    return told


@dataclass
class Eyes:
    """How pages are looked at, and what was seen."""

    narrow: tuple[ViewportSize, ...]
    filled: bool = False
    """With the longest values, which may leave no box (overflow.js)."""
    faults: dict[str, list[str]] = field(default_factory=dict)
    dressed: set[str] = field(default_factory=set)
    """The sheets, by page, that were looked at in light."""
    choices: set[str] = field(default_factory=set)
    """The kinds that were looked at."""
    pictured: set[str] = field(default_factory=set)
    """The kinds of which there are pictures."""
    arrows: int = 0
    keypads: int = 0
    """How many there were on pages written from right to left."""


def test_every_page_is_for_every_eye(world: World) -> None:
    """The short form: one load of each page serves all that is asked of it."""
    look_at([pages_in("de", world, filled=True)], theme_of(world), Eyes(NARROW[:1], filled=True))


@pytest.mark.stress
def test_every_page_is_for_every_eye_in_every_language(world: World) -> None:
    sheets = [pages_in(language, world) for language in ("en", "de", "es")]
    look_at(sheets, theme_of(world), Eyes(NARROW))


def look_at(sheets: list[list[Sheet]], theme: dict[str, str], eyes: Eyes) -> None:
    """The first ones in every way, the same in other languages for their width."""
    first, *others = sheets
    assert len(first) > 40
    assert all(len(other) == len(first) for other in others)
    pages = {f"/{n}": seen_at_once(sheet.html) for n, sheet in enumerate(first)}
    with served(pages | theme) as host, chromium() as browser:
        pane, window = Pane(browser, host, PHONE), browser.new_page(viewport=PHONE)
        window.emulate_media(forced_colors="active")
        for n, sheet in enumerate(first):
            pane.page.emulate_media(forced_colors="none")
            page = pane.open(f"/{n}", PHONE)
            put_in(page, sheet.panel)
            told, leaves, sheets_of, kinds_of = _asked(page, RESTLESS, OVERFLOW, DRESSED, CHOICES)
            told += _faint(page, eyes, str(sheets_of))
            if eyes.filled:
                told += leaves
            pane.page.emulate_media(forced_colors="active")
            bare, ticked = _asked(page, BARE, TICKED)
            told += [*bare, *ticked]
            kinds = set(kinds_of)
            if kinds - eyes.choices:
                eyes.choices |= kinds
                window.goto(f"{host}/{n}", wait_until="load")
                put_in(window, sheet.panel)
                told += _choices_that_look_the_same(window, eyes.pictured)
            told += _sideways(pane, eyes.narrow)
            for other in others:
                page.evaluate(TRANSLATE, seen_at_once(other[n].html))
                put_in(page, other[n].panel)
                told += _sideways(pane, eyes.narrow)
            if eyes.filled and sheet.at_till:
                pane.resize(TABLET)
                told += page.evaluate(OVERFLOW)
            if eyes.filled:
                told += _turned(pane, eyes)
            if told:
                eyes.faults[sheet.name] = told
        what = next(n for n, sheet in enumerate(first) if sheet.name == "what")
        _planted_faults_are_found(pane, f"/{what}")
    assert not eyes.faults, json.dumps(eyes.faults, indent=1, ensure_ascii=False)
    assert len(eyes.choices) > 4, "What, Say, the gift page, the till and the studio have choices"
    assert not eyes.filled or (eyes.arrows > 10 and eyes.keypads > 1)


def _planted_faults_are_found(pane: Pane, path: str) -> None:
    """The controls: one for each look."""
    for look, fault in FAULTS.items():
        pane.page.emulate_media(forced_colors="active")
        page = pane.open(path, PHONE)
        assert page.evaluate(look) == [], "nothing is planted yet"
        page.add_style_tag(content=fault)
        assert page.evaluate(look), f"not found: {fault}"


def _asked(page: Frame, *questions: str) -> list[list[str]]:
    """What each finds, in one trip to the browser."""
    all_of_them: list[list[str]] = page.evaluate(
        f"async () => [{', '.join(f'await ({each.strip()})()' for each in questions)}]"
    )
    return all_of_them


def _faint(page: Frame, eyes: Eyes, dressed: str) -> list[str]:
    """What melts into its ground, in dark and in light; in the short form in light only where its sheets,
    which have the colours, were not looked at yet."""
    told: list[str] = []
    in_light = not eyes.filled or dressed not in eyes.dressed
    eyes.dressed.add(dressed)
    for scheme in ("dark", *(["light"] if in_light else [])):
        page.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        told += [f"{scheme}: {fault}" for fault in page.evaluate(FAINT)]
    return told


def _sideways(pane: Pane, narrow: tuple[ViewportSize, ...]) -> Iterator[str]:
    for size in narrow:
        pane.resize(size)
        yield from pane.frame.evaluate(SIDEWAYS)


def _turned(pane: Pane, eyes: Eyes) -> list[str]:
    """What is wrong with the page once it is written from right to left, as it stays then."""
    pane.resize(PHONE)
    many = "() => document.querySelectorAll({}).length"
    found = _asked(
        pane.frame, *(many.format(json.dumps(each)) for each in (ARROWS, KEYPADS)), TURNED
    )
    arrows, keypads, told = found
    eyes.arrows += int(str(arrows))
    eyes.keypads += int(str(keypads))
    return [f"from right to left: {fault}" for fault in told]


def _choices_that_look_the_same(page: Page, pictured: set[str]) -> list[str]:
    """The first of each group of a kind that was not pictured yet, chosen and not, compared by its pixels."""
    told = []
    for group in page.locator(".choices").all():
        [kind] = group.evaluate(CHOICE) or [""]
        choice = group.locator(".choice").first
        if kind in pictured or not choice.is_visible():
            continue
        pictured.add(kind)
        pictures = [_picture(page, choice, chosen=chosen) for chosen in (True, False)]
        if pictures[0] == pictures[1]:
            told.append(f"chosen looks as not chosen: {choice.inner_text()}")
    return told


def _picture(page: Page, choice: Any, *, chosen: bool) -> bytes:
    choice.locator("input").evaluate("(input, chosen) => { input.checked = chosen; }", chosen)
    picture: bytes = choice.screenshot(animations="disabled")
    return picture
