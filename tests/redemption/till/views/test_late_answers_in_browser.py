"""Answers that come after the person has moved on: each tells the truth, and leaves alone what they do."""

from collections.abc import Callable

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import Locator, Page, expect

from redemption.models import Redemption, Reversal
from redemption.till.views import verdicts
from tests.held import Held
from tests.redemption.till.views.conftest import DanasTill, MakeCode
from tests.redemption.till.views.paired_pages import panel, press, scan_by_hand

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

LOOKS, ACTS, REVERSALS = "**/till/lookups/", "**/till/redemptions/", "**/reversal/"


def hold(page: Page, address: str) -> Callable[..., None]:
    """What is asked there has no answer before the function is called that comes back, which may give
    another one."""
    held = Held(page, address, times=1)

    def release(**instead: object) -> None:
        route = held.next()
        if instead:
            route.fulfill(**instead)  # type: ignore[arg-type]
        else:
            route.continue_()

    return release


def is_asked(page: Page) -> None:
    page.wait_for_function("() => document.body.dataset.busy !== undefined")


def is_answered(page: Page) -> None:
    page.wait_for_function("() => document.body.dataset.busy === undefined")


def field_of_the_pad(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Type the code")


def mark(page: Page) -> Callable[[], bool]:
    """-> whether the panel still is the one that stands there now."""
    page.evaluate("() => { window.panelBefore = document.getElementById('panel'); }")
    return lambda: bool(page.evaluate("() => panelBefore === document.getElementById('panel')"))


def test_a_look_makes_way_for_whoever_types_or_scans_another(
    danas_till: DanasTill, make_code: MakeCode
) -> None:
    code, other = make_code(choices=()), make_code(choices=(), recipient_name="Cleo")
    with danas_till() as page:
        is_same = mark(page)
        release = hold(page, LOOKS)
        scan_by_hand(page, code)
        is_asked(page)
        page.get_by_role("button", name="Type the code").click()
        page.keyboard.type("AB")
        is_answered(page)
        release()
        expect(field_of_the_pad(page)).to_have_value("AB")

        release = hold(page, LOOKS)
        field_of_the_pad(page).fill(code)
        page.keyboard.press("Enter")
        expect(page.get_by_text("The network is slow.")).to_be_visible()
        page.keyboard.press("Backspace")
        expect(page.get_by_text("The network is slow.")).to_be_hidden()
        is_answered(page)
        release()
        expect(field_of_the_pad(page)).to_be_focused()
        assert is_same()

        release = hold(page, LOOKS)
        scan_by_hand(page, code)
        is_asked(page)
        scan_by_hand(page, other)
        expect(page.locator("#panel").get_by_text("For Cleo")).to_be_visible()
        release()
        is_answered(page)
        expect(page.locator("#panel").get_by_text("For Cleo")).to_be_visible()


def test_what_may_have_used_a_gift_is_told_whatever_was_scanned_or_typed_since(
    danas_till: DanasTill, make_code: MakeCode
) -> None:
    code, other = make_code(), make_code(choices=(), recipient_name="Cleo")
    with danas_till() as page:
        scan_by_hand(page, code)
        panel(page, "look")
        page.evaluate("() => { document.querySelector('[data-confirm]').isComplete = () => true; }")
        release = hold(page, ACTS)
        page.locator("[data-confirm-button]").click()
        is_asked(page)
        page.get_by_role("button", name="Type the code").click()
        page.keyboard.type("7K")
        release()
        expect(page.get_by_text("Ask the guest to choose first.")).to_be_visible()
        expect(field_of_the_pad(page)).to_be_hidden()
        page.get_by_role("button", name="Type the code").click()
        expect(field_of_the_pad(page)).to_have_value("7K")
        page.keyboard.press("Escape")

        page.get_by_role("radio", name="Mint").check()
        release = hold(page, ACTS)
        press(page, "Hand it over")
        is_asked(page)
        scan_by_hand(page, other)
        expect(page.get_by_text("Still asking")).to_be_visible()
        release()
        panel(page, "ok")
        expect(page.get_by_text("Still asking")).to_be_hidden()
        expect(page.locator("#panel")).to_contain_text("For Ben")
    assert Redemption.objects.get().code.recipient_name == "Ben"


def ask_to_reverse(page: Page, reason: str = "Scanned by mistake") -> Callable[..., None]:
    """It is asked, and nothing answered before what comes back is called."""
    press(page, "Undo")
    release = hold(page, REVERSALS)
    page.get_by_role("button", name=reason).click()
    is_asked(page)
    return release


def test_a_reversal_tells_whether_it_was_one(danas_till: DanasTill, make_code: MakeCode) -> None:
    code, other = make_code(choices=()), make_code(recipient_name="Cleo")
    late = verdicts.no_reversal("It is too late to undo this redemption.")
    refused = render_to_string(
        "redemption/till/verdict.html",
        {"verdict": late, "text_language": "", "reversed_now": True},
    )
    with danas_till() as page:
        page.clock.install()
        dialog, toasts = page.locator("#reversal-dialog"), page.locator("[data-toast]")

        def hand_over(text: str) -> None:
            scan_by_hand(page, text)
            panel(page, "look")
            page.clock.run_for(500)
            press(page, "Hand it over")
            panel(page, "ok")

        # closed meanwhile, another gift held before the scanner, and the time over
        hand_over(code)
        release = ask_to_reverse(page)
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
        scan_by_hand(page, other)
        page.clock.fast_forward(120_000)
        expect(page.get_by_role("button", name="Undo")).to_be_attached()
        release()
        expect(page.locator("#panel")).to_contain_text("Undone")
        expect(toasts).to_have_count(0)

        # refused, and there is no dialog to say so in
        hand_over(code)
        is_same = mark(page)
        press(page, "Undo")
        reason = page.get_by_label("Another reason")
        reason.fill("  ")
        release = hold(page, REVERSALS)
        reason.press("Enter")
        is_asked(page)
        page.keyboard.press("Escape")
        release()
        expect(toasts).to_have_text("Not undone: Say why it is undone.")
        assert is_same()
        toasts.get_by_role("button").click()

        # while another gift is chosen for
        scan_by_hand(page, other)
        panel(page, "look")
        page.get_by_role("radio", name="Mint").check()
        is_same = mark(page)
        release = ask_to_reverse(page)
        release(status=409, body=refused)
        expect(toasts).to_contain_text("Not undone: It is too late to undo this redemption.")
        expect(dialog).to_be_hidden()
        expect(page.locator(".look-what")).to_be_focused()
        assert is_same()
        expect(page.get_by_role("radio", name="Mint")).to_be_checked()
        toasts.get_by_role("button").click()

        page.reload()
        scan_by_hand(page, other)
        panel(page, "look")
        page.get_by_role("radio", name="Mint").check()
        is_same = mark(page)
        release = ask_to_reverse(page)
        expect(page.get_by_text("The network is slow.")).to_be_visible()
        expect(dialog).to_be_hidden()
        release()
        expect(toasts).to_contain_text("Undone: Double scoop. The guest can use this gift again.")
        expect(page.locator(".look-what")).to_be_focused()
        assert is_same()
        press(page, "Hand it over")
        panel(page, "ok")

        # and nobody asked in time
        press(page, "Undo")
        reason.fill("Spilt")
        page.clock.fast_forward(120_000)
        expect(toasts.filter(has_text="The time to undo is over.")).to_be_visible()
        expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    assert Reversal.objects.count() == 2
    assert Redemption.objects.count() == 3
