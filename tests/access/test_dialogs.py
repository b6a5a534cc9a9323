"""Each dialog of the product, wherever a page has one: where focus begins, and that it comes back. And what
is left of each page without a script."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import RequestFactory
from playwright.sync_api import Browser, Frame, expect

from giftshop.gallery import gallery
from tests.access.test_longest_values import SEEN, Sheet, collect
from tests.access.test_matrix import World
from tests.browsers import DESK, chromium
from tests.pages import Pane, served

pytestmark = [pytest.mark.journey, pytest.mark.django_db]

TEMPLATES = Path(__file__).parents[2] / "templates"
DIALOG = re.compile(r'<dialog [^>]*?id="([\w-]+)"|components/dialog\.html" with id="([\w-]+)"')
OPENS = re.compile(r'data-opens="([\w-]+)"')
BUTTON = re.compile(r'<button\b[^>]*\btype="button"[^>]*>')
ATTRIBUTE = re.compile(r'\s([a-z-]+)(?:="[^"]*")?')
CLASS = re.compile(r'\sclass="([^"]*)"')
SHEETS = re.compile(r'<link rel="stylesheet" href="([^"?]+)')
WITHOUT_OPENER = {"pin-dialog"}
"""Opened by no button: tests/redemption/till/views/test_idle_in_browser.py."""
NEEDS_SCRIPT = {"till": "[data-camera]", "what": "[data-total-sum]"}
"""What a page has for its script alone."""

HELD = """() => {
  const at = document.activeElement, dialog = document.querySelector("dialog[open]");
  if (!dialog) return "does not open";
  if (!dialog.contains(at)) return "focus is outside";
  const acts = at.matches(".button-danger, button:not([type=button]), [type=submit], [data-hx-post]");
  return acts ? `focus is on ${at.textContent.trim()}` : "";
}"""


OPENED = "() => [...document.querySelectorAll('[data-opens]')].map((one) => one.dataset.opens)"
SEEN_OF = """(all) => [all.length,
  all.filter((one) => one.checkVisibility()).map((one) => one.textContent.trim())]"""
PUT_IN = """(html) => {
  const parts = new DOMParser().parseFromString(html, "text/html");
  for (const part of [...parts.body.children]) document.getElementById(part.id)?.replaceWith(part);
}"""
"""What the till's script does with an answer."""


@pytest.fixture
def sheets(world: World) -> list[Sheet]:
    """Every page, and the gallery."""
    SEEN.clear()
    shown = gallery(RequestFactory().get("/design/")).content.decode()
    return [*collect(world), Sheet("gallery", shown)]


def in_templates() -> set[str]:
    """The names of all dialogs."""
    found = DIALOG.findall("".join(path.read_text() for path in TEMPLATES.rglob("*.html")))
    return {own or given for own, given in found}


def test_dialogs_lead_back_and_without_a_script_nothing_is_dead(
    world: World, sheets: list[Sheet]
) -> None:
    """One browser for both: pages are made once."""
    with chromium() as browser:
        each_dialog_begins_where_nothing_is_sent(browser, sheets)
        without_a_script_no_button_is_dead(browser, with_another_button(sheets))


@pytest.mark.stress
def test_without_a_script_no_button_of_any_page_is_dead(world: World, sheets: list[Sheet]) -> None:
    with chromium() as browser:
        without_a_script_no_button_is_dead(browser, sheets)


def each_dialog_begins_where_nothing_is_sent(browser: Browser, sheets: list[Sheet]) -> None:
    told: dict[str, str] = {}
    seen: set[str] = set()
    for sheet, page in shown(browser, with_another(sheets), reduced_motion="reduce"):
        page.evaluate(PUT_IN, sheet.panel)
        for name in page.evaluate(OPENED):
            if name not in seen:
                fault = walk(page, name)
                seen.add(name)
                if fault:
                    told[f"{name} of {sheet.name}"] = fault
    assert not told, json.dumps(told, indent=1)
    assert seen == in_templates() - WITHOUT_OPENER
    page.evaluate("() => { document.querySelector('dialog .button-danger').autofocus = true; }")
    assert walk(page, "sample-dialog").startswith("focus is on"), "the control"


def with_another(sheets: list[Sheet]) -> list[Sheet]:
    """The pages that open a dialog which none before them does."""
    seen, found = set[str](), []
    for sheet in sheets:
        opened = set(OPENS.findall(sheet.html + sheet.panel))
        if opened - seen:
            seen |= opened
            found.append(sheet)
    return found


def with_another_button(sheets: list[Sheet]) -> list[Sheet]:
    """The pages with a script's button that the sheets of a page could show otherwise than those before, the
    till's, what has parts for its script alone, and the last."""
    seen, found = set[tuple[object, ...]](), []
    for sheet in sheets:
        dressed = frozenset(SHEETS.findall(sheet.html))
        kinds = {
            (dressed, *CLASS.findall(button), *sorted(ATTRIBUTE.findall(button)))
            for button in BUTTON.findall(sheet.html)
        }
        if kinds - seen or "till" in sheet.name or sheet.name in NEEDS_SCRIPT:
            found.append(sheet)
        seen |= kinds
    return found if found[-1] is sheets[-1] else [*found, sheets[-1]]


def shown(browser: Browser, sheets: list[Sheet], **how: Any) -> Iterator[tuple[Sheet, Frame]]:
    """Each of them in turn, in one pane."""
    with served({f"/{n}": sheet.html for n, sheet in enumerate(sheets)}) as host:
        pane = Pane(browser, host, DESK, **how)
        for n, sheet in enumerate(sheets):
            yield sheet, pane.open(f"/{n}")


def walk(page: Frame, name: str) -> str:
    """Opens and closes it by keyboard; -> what is wrong."""
    opener = page.locator(f"[data-opens={name}]")
    opener.focus()
    keyboard = page.page.keyboard
    keyboard.press("Enter")
    fault: str = page.evaluate(HELD)
    keyboard.press("Escape")
    if page.locator("dialog[open]").count():
        return fault or "Escape does not close it"
    back = opener.evaluate("(one) => one === document.activeElement")
    return fault or ("" if back else "focus does not come back")


def without_a_script_no_button_is_dead(browser: Browser, sheets: list[Sheet]) -> None:
    """None that only a script answers is seen, and the till says what it needs."""
    told, dead = {}, 0
    with_some = [each for each in sheets if 'type="button"' in each.html or "till" in each.name]
    for sheet, page in shown(browser, with_some, java_script_enabled=False):
        count, seen = page.locator("button[type=button]").evaluate_all(SEEN_OF)
        dead += count
        if seen:
            told[sheet.name] = seen
        if sheet.name in ("till", "till_staff"):
            assert "The till needs JavaScript." in page.locator("main").inner_text()
        if sheet.name == "till_staff":
            expect(page.get_by_label("PIN", exact=True)).to_be_visible()
            expect(page.get_by_role("button", name="Sign in")).to_be_visible()
        if sheet.name in NEEDS_SCRIPT:
            there_but_hidden(page, NEEDS_SCRIPT[sheet.name])
    assert not told, json.dumps(told, indent=1)
    assert dead > 100, "there are such buttons"
    assert NEEDS_SCRIPT.keys() | {"till_staff"} <= {sheet.name for sheet in sheets}
    for _sheet, page in shown(browser, sheets[-1:]):
        assert page.locator("button[type=button]").evaluate_all(SEEN_OF)[1], "the control"


def there_but_hidden(page: Frame, selector: str) -> None:
    """Of what is not on a page at all, Playwright says that it is hidden."""
    part = page.locator(selector)
    expect(part).to_have_count(1)
    expect(part).to_be_hidden()
