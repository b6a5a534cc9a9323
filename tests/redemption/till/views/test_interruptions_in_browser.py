"""What comes in between at a counter: a lost network, the next recipient, a hand scanner at any moment."""

import pytest
from playwright.sync_api import Page, Route, expect

from redemption.models import IdempotencyRecord, Redemption, StaffMember, WrongTries
from redemption.till.devices import PairedDevice
from tests.browsers import chromium
from tests.camera import FakeCamera
from tests.cast import PIN
from tests.redemption.till.views.conftest import DanasTill, MakeCode
from tests.redemption.till.views.paired_pages import pair, panel, press, scan_by_hand

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

NO_NETWORK = "No network."


def test_the_network_goes_after_the_server_redeemed_and_comes_back(
    danas_till: DanasTill, make_code: MakeCode
) -> None:
    code, other = make_code(choices=()), make_code(choices=(), recipient_name="Cleo")
    keys: list[str] = []

    def lose_the_answer(route: Route) -> None:
        keys.append(field_of(route, "key"))
        if len(keys) > 1:
            return route.continue_()
        assert route.fetch().status == 201
        page.context.set_offline(True)
        return route.abort("internetdisconnected")

    with danas_till() as page:
        page.route("**/till/redemptions/", lose_the_answer)
        scan_by_hand(page, code)
        panel(page, "look")
        press(page, "Hand it over")
        expect(page.get_by_role("alert").filter(has_text=NO_NETWORK)).to_be_visible()
        expect(page.get_by_text("No answer yet")).to_be_visible()
        scan_by_hand(page, other)  # what may have been used is waited for first
        page.context.set_offline(False)
        panel(page, "ok")
        expect(page.get_by_text(NO_NETWORK)).to_be_hidden()
        expect(page.get_by_text("1 gift today")).to_be_visible()

    assert len(keys) > 1
    assert len(set(keys)) == 1
    assert Redemption.objects.count() == 1
    assert IdempotencyRecord.objects.count() == 1


def field_of(route: Route, name: str) -> str:
    """The part of that name in a multipart body."""
    body = route.request.post_data or ""
    return body.split(f'name="{name}"')[1].split("\r\n\r\n")[1].split("\r\n")[0]


def test_a_tablet_without_network_says_so_at_once_and_recovers_by_itself(
    danas_till: DanasTill, make_code: MakeCode
) -> None:
    code = make_code(choices=())
    with danas_till() as page:
        page.context.set_offline(True)
        expect(page.get_by_text(NO_NETWORK)).to_be_visible()
        scan_by_hand(page, code)
        expect(page.get_by_text("No answer yet")).to_be_visible()
        page.context.set_offline(False)
        panel(page, "look")
        expect(page.get_by_text(NO_NETWORK)).to_be_hidden()


def test_slowness_is_said_and_the_next_scan_takes_the_place_of_a_slow_look(
    danas_till: DanasTill, make_code: MakeCode
) -> None:
    code, second = make_code(choices=()), make_code(choices=(), recipient_name="Cleo")
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if held:
            return route.continue_()
        return held.append(route)

    with danas_till() as page:
        page.route("**/till/lookups/", hold_the_first)
        scan_by_hand(page, code)
        expect(page.get_by_text("The network is slow.")).to_be_visible()
        scan_by_hand(page, second)
        expect(page.locator("#panel").get_by_text("For Cleo")).to_be_visible()
        expect(page.get_by_text("The network is slow.")).to_be_hidden()


def test_a_hand_scanner_is_heard_at_any_moment(danas_till: DanasTill, make_code: MakeCode) -> None:
    code, second = make_code(choices=()), make_code(choices=(), recipient_name="Cleo")
    third = make_code(choices=(), recipient_name="Ada")
    with danas_till() as page:
        scan_by_hand(page, "https://example.com/menu")
        expect(page.get_by_role("heading", name="Not a gift")).to_be_visible()
        scan_by_hand(page, f"https://gifts.example/g/#{code.lower()}", "Tab")
        expect(page.locator("#panel").get_by_text("For Ben")).to_be_visible()

        expect(page.locator("[data-confirm-button][data-armed]")).to_be_visible()
        page.get_by_role("button", name="Hand it over").focus()
        *_, first, next_ = scan_by_hand(page, second, "Enter", "Enter")
        assert first
        assert next_, "some scanners end with two, and neither is for the button"
        expect(page.locator("#panel").get_by_text("For Cleo")).to_be_visible()
        press(page, "Hand it over")
        panel(page, "ok")

        press(page, "Undo")
        reason = page.get_by_label("Another reason")
        reason.fill("spilt")
        scan_by_hand(page, third)
        expect(page.locator("#panel").get_by_text("For Ada")).to_be_visible()
        expect(page.get_by_role("dialog")).to_be_hidden()

        page.context.clear_cookies(name="staff")
        press(page, "Hand it over")
        ask_for_the_pin(page, code)
        panel(page, "ok")  # Ada's, which was waited for

    assert Redemption.objects.count() == 2


def ask_for_the_pin(page: Page, code: str) -> None:
    """A scan in the middle of it types no PIN."""
    dialog = page.locator("#pin-dialog")
    pin = dialog.get_by_label("PIN", exact=True)
    expect(pin).to_be_focused()
    scan_by_hand(page, code)
    expect(pin).to_have_value("")
    dialog.get_by_role("radio", name="Dana").check()
    pin.fill(PIN)
    dialog.get_by_role("button", name="Sign in").click()


def test_a_scan_before_anybody_signed_in_is_no_wrong_pin(
    site: str, camera: FakeCamera, paired: PairedDevice, cashier: StaffMember, every_brand: None
) -> None:
    with chromium(camera) as browser:
        context = browser.new_context()
        pair(context, site, paired.token)
        page = context.new_page()
        page.goto(f"{site}/till/")
        pin = page.get_by_label("PIN", exact=True)
        page.wait_for_load_state("networkidle")
        pin.focus()
        scan_by_hand(page, "12345678901234567")
        expect(pin).to_have_value("")
        expect(page.get_by_role("button", name="Sign in")).to_be_visible()

    assert not WrongTries.objects.exists()
