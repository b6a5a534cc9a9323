"""Where focus stands after each answer of the till, and what is said: once, and not the heading again."""

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.utils import timezone
from playwright.sync_api import Page, expect

from brands.models import Store
from redemption.models import Reversal
from redemption.redeem.reasons import Reason, Refusal
from redemption.till.views import verdicts
from tests.cast import PIN, flavour
from tests.held import Held
from tests.redemption.till.views.conftest import DanasTill, MakeCode
from tests.redemption.till.views.paired_pages import panel, press, scan_by_hand

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

TEMPLATES = Path(__file__).parents[4] / "templates"
LISTEN = """() => {
  window.said = [];
  let last = "";
  const hear = () => {
    const words = document.getElementById("announcer")?.textContent ?? "";
    if (words && words !== last) said.push(words);
    last = words;
  };
  document.addEventListener("DOMContentLoaded", () =>
    new MutationObserver(hear).observe(document.body, { subtree: true, childList: true }));
}"""
"""Writes down what the announcer says."""
SAID_BY_NOW = """() => new Promise((tell) =>
  requestAnimationFrame(() => requestAnimationFrame(() => tell(window.said))))"""
KEYS_HAVE_RESTED = 1000
"""Milliseconds of the page's own clock, after which a key that opens the pad has opened it."""


def stands_on(page: Page, heading: str, *told: str) -> None:
    """Focus is on that heading of the panel, and these words were said once, the heading's not again."""
    place = page.locator("#panel [data-focus]")
    expect(place).to_have_text(heading)
    expect(place).to_be_focused()
    page.wait_for_function("() => window.said.length > 0")
    [words] = page.evaluate("() => window.said.splice(0)")
    assert heading not in words
    for word in told:
        assert words.count(word) == 1, words
    assert page.locator("#panel :is([role=alert], [role=status])").count() == 0


def test_the_real_answers(danas_till: DanasTill, make_code: MakeCode) -> None:
    code, amount = (
        make_code(),
        make_code(kind="value", label="Gift of $25", amount=2500, choices=()),
    )
    with danas_till(script=LISTEN) as page:
        scan_by_hand(page, code)
        stands_on(page, "Double scoop", "For Ben", "Choose: Flavour")
        page.get_by_role("radio", name="Mint").check()
        press(page, "Hand it over")
        panel(page, "ok")
        stands_on(page, "Hand it over", "Double scoop", "For Ben")

        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_role("heading", name="Undo Double scoop?")).to_be_focused()
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog")).to_be_visible()
        page.get_by_role("button", name="Scanned by mistake").click()
        stands_on(page, "Undone", "The guest can use this gift again")

        scan_by_hand(page, "https://example.com/menu")
        stands_on(page, "Not a gift", "no gift code of ours")
        scan_by_hand(page, amount)
        stands_on(page, "Gift of $25", "$25.00 on it")

        page.context.clear_cookies(name="staff")
        press(page, "Take off $25.00")
        pin = page.locator("#pin-dialog").get_by_label("PIN", exact=True)
        expect(pin).to_be_focused()
        pin.fill("0000")
        page.locator("#pin-dialog").get_by_role("radio", name="Dana").check()
        page.get_by_role("button", name="Sign in").click()
        expect(pin).to_have_attribute("aria-invalid", "true")
        expect(pin).to_have_accessible_description(re.compile("4 more tries"))
        expect(pin).to_be_focused()
        pin.fill(PIN)
        page.get_by_role("button", name="Sign in").click()
        stands_on(page, "Take off $25.00", "$0.00 is left on it")


def test_a_reason_left_out_is_told_at_its_field(danas_till: DanasTill, make_code: MakeCode) -> None:
    code = make_code(choices=())
    with danas_till(script=LISTEN) as page:
        scan_by_hand(page, code)
        stands_on(page, "Double scoop")
        press(page, "Hand it over")
        stands_on(page, "Hand it over")
        page.get_by_role("button", name="Undo").click()
        dialog, reason = page.get_by_role("dialog"), page.get_by_label("Another reason")
        reason.fill("  ")
        reason.press("Enter")
        expect(reason).to_have_accessible_description("Say why it is undone.")
        expect(reason).to_have_attribute("aria-invalid", "true")
        expect(reason).to_be_focused()
        expect(dialog).to_be_visible()
        panel(page, "ok")
        assert not page.evaluate(SAID_BY_NOW), "the field's description is read with it"

        reason.fill("Dropped it")
        reason.press("Enter")
        stands_on(page, "Undone", "The guest can use this gift again")
        expect(dialog).to_be_hidden()
    assert Reversal.objects.get().reason == "Dropped it", "not the first of the quick ones"


SCANNER_IS_DONE = "() => performance.now() - window.scannedAt > 300"
"""SECOND_ENTER_MS of static/js/till/scan/wedge.js: an Enter so soon after a scan is the scanner's own."""


def test_two_presses_of_enter_count_one_try(danas_till: DanasTill, make_code: MakeCode) -> None:
    """Whatever counts what is wrong is asked once, however long its answer takes."""
    code = make_code(choices=())
    with danas_till() as page:
        held = Held(page, "**/till/lookups/", "**/till/sessions/")
        for _ in range(2):
            scan_by_hand(page, code)
        page.evaluate("() => { window.scannedAt = performance.now(); }")
        page.wait_for_function("() => document.body.dataset.busy !== undefined")
        page.context.clear_cookies(name="staff")
        held.next().continue_()
        pin = page.locator("#pin-dialog").get_by_label("PIN", exact=True)
        expect(pin).to_be_focused()
        assert len(held) == 1

        page.locator("#pin-dialog").get_by_role("radio", name="Dana").check()
        pin.fill("0000")
        page.wait_for_function(SCANNER_IS_DONE)
        for _ in range(2):
            pin.press("Enter")
        expect(page.get_by_role("button", name="Sign in")).to_have_attribute("data-busy", "")
        held.next().continue_()
        expect(pin).to_have_accessible_description(re.compile("4 more tries"))
        expect(page.get_by_role("button", name="Sign in")).not_to_have_attribute("data-busy", "")
        assert len(held) == 2


def test_a_pick_that_gives_way_and_a_charge_are_said_once(
    danas_till: DanasTill, make_code: MakeCode
) -> None:
    scoops = flavour(("mint", 0), ("pistachio", 50), ("fudge", 0), ("kiwi", 0))
    code = make_code(choices=[{**scoops, "max": 2, "picked": ["mint"]}])

    def heard(page: Page, name: str) -> list[str]:
        page.get_by_role("checkbox", name=name).press("Space")
        page.evaluate(SAID_BY_NOW)
        words: list[str] = page.evaluate("() => window.said.splice(0)")
        return words

    with danas_till(script=LISTEN) as page:
        scan_by_hand(page, code)
        stands_on(page, "Double scoop", "Mint")
        assert heard(page, "Pistachio") == ["Charge at the till $0.50."]
        assert heard(page, "Fudge") == ["At most 2. No longer picked: Mint."]
        expect(page.get_by_role("checkbox", name="Mint")).not_to_be_checked()
        assert heard(page, "Kiwi") == [
            "At most 2. No longer picked: Pistachio. Nothing to charge at the till."
        ]
        assert heard(page, "Kiwi") == [], "the box itself tells that it is off"


def drawn(verdict: verdicts.Verdict) -> str:
    context = {"verdict": verdict, "text_language": ""}
    return render_to_string("redemption/till/verdict.html", context)


def refusals(store: Store) -> Iterator[tuple[str, str]]:
    """Each reason for which a code may be refused, as the server says it."""
    for reason in Reason:
        verdict = verdicts.refused(Refusal(reason), store, timezone.now())
        yield verdict.word, drawn(verdict)
    for verdict in (verdicts.no_reversal("Too late."), verdicts.not_here(["Ballard"])):
        yield verdict.word, drawn(verdict)


def test_each_refusal_and_a_broken_server(
    danas_till: DanasTill, make_code: MakeCode, store: Store
) -> None:
    code, told = make_code(), list(refusals(store))
    answers = iter([*(html for _word, html in told), "no answer of ours"])
    with danas_till(script=LISTEN) as page:
        page.route("**/till/lookups/", lambda route: route.fulfill(body=next(answers)))
        for word in [*(word for word, _html in told), "Try again"]:
            page.evaluate("() => document.activeElement.blur()")
            scan_by_hand(page, code)
            stands_on(page, word)


def test_no_answer_of_the_till_is_left_out() -> None:
    """Whatever fills the panel names the place where focus stands."""
    filled = [path for path in TEMPLATES.rglob("*.html") if 'id="panel"' in path.read_text()]
    assert sorted(path.name for path in filled) == ["look.html", "till.html", "verdict.html"]
    for path in filled:
        text = path.read_text()
        panels = text.split('id="panel"')[1:]
        assert all("focus=True" in part or "data-focus" in part for part in panels), path
    makers = {
        name
        for name, it in inspect.getmembers(verdicts, inspect.isfunction)
        if it.__annotations__.get("return") is verdicts.Verdict
    }
    assert makers == {
        "no",
        "refused",
        "_too_many_tries",
        "redeemed",
        "reversal",
        "no_reversal",
        "not_here",
    }


def test_letters_open_the_pad_only_where_nothing_else_takes_keys(
    danas_till: DanasTill, make_code: MakeCode
) -> None:
    code = make_code(choices=())
    with danas_till() as page:
        page.clock.install()
        field = page.get_by_role("textbox", name="Type the code")
        for name in ("Sound", "Switch", "Type the code"):
            page.get_by_role("button", name=name).focus()
            page.keyboard.type("a", delay=10)
        page.clock.run_for(KEYS_HAVE_RESTED)
        expect(field).to_be_hidden()
        for name in ("Sound", "Switch", "Type the code"):
            page.get_by_role("button", name=name).focus()
            scan_by_hand(page, code)
            panel(page, "look")
            expect(page.locator(".look-what")).to_be_focused()

        page.keyboard.type("7")  # the panel's heading takes no keys of its own
        expect(field).to_be_focused()
        expect(field).to_have_value("7")
        page.get_by_role("button", name="Typing opens the keypad").click()
        page.locator("#scan").get_by_role("button", name="Close").click()
        page.reload()
        expect(page.locator("[data-typing]")).to_have_attribute("aria-pressed", "false")
        page.keyboard.type("7")
        page.clock.run_for(KEYS_HAVE_RESTED)
        expect(field).to_be_hidden()
        scan_by_hand(page, code)
        panel(page, "look")
