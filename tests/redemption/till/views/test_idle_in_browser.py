"""Five minutes without a tap end a sign-in: half a minute before it is said, at the end nothing is lost."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.core import signing
from django.utils import timezone
from playwright.sync_api import Locator, Page, ViewportSize, expect

from demo.menus import FROSTY_SPOON
from redemption.models import StaffMember
from redemption.till.devices import PairedDevice
from redemption.till.session import IDLE, SALT
from tests.browsers import PHONE, TABLET, TABLET_UPRIGHT, chromium, judge, resize, what_lies_under
from tests.camera import FakeCamera
from tests.cast import PIN
from tests.redemption.till.views.conftest import DanasTill, MakeCode
from tests.redemption.till.views.manager.test_console_in_browser import at_the_console
from tests.redemption.till.views.paired_pages import panel, press, scan_by_hand
from tests.redemption.till.views.test_choices_in_browser import choices
from tests.redemption.till.views.test_focus_in_browser import LISTEN

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

WARNED = timedelta(seconds=30)
A_BIT = timedelta(seconds=5)
"""More than a test takes between two looks at the clock."""


def wait(page: Page, time: timedelta) -> None:
    """So long nobody taps, by the clock of this browser."""
    page.clock.fast_forward(int(time.total_seconds() * 1000))


def be_warned(page: Page) -> Locator:
    """Not a moment earlier than it is due; -> the button that keeps the person signed in."""
    stay = page.get_by_role("button", name="Stay signed in")
    expect(stay).to_be_hidden()
    wait(page, IDLE - WARNED - A_BIT)
    expect(stay).to_be_hidden()
    wait(page, A_BIT)
    expect(stay).to_be_visible()
    return stay


def age_the_sign_in(page: Page) -> None:
    """As if the last answer of the server had been more than the idle minutes ago."""
    [cookie] = [one for one in page.context.cookies() if one["name"] == "staff"]
    session = signing.loads(cookie["value"], salt=SALT)
    with time_machine.travel(timezone.now() - IDLE - A_BIT):
        aged = signing.dumps(session, salt=SALT)
    page.context.add_cookies([{**cookie, "value": aged}])  # type: ignore[typeddict-item]


def sign_in_again(page: Page) -> None:
    """The PIN is asked for over the work, with the reason."""
    dialog = page.get_by_role("dialog", name="Your PIN again")
    pin = dialog.get_by_label("PIN", exact=True)
    expect(pin).to_be_focused()
    expect(dialog).to_have_accessible_description(
        "You were signed out after 5 minutes without a tap. What you were doing is kept."
    )
    pin.fill(PIN)
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()


def test_at_the_till(danas_till: DanasTill, make_code: MakeCode) -> None:
    code = make_code()
    with danas_till(script=LISTEN) as page:
        page.clock.install()
        page.reload()
        page.get_by_role("button", name="Type the code").click()
        field = page.get_by_role("textbox", name="Type the code")
        field.fill("AB")
        place = page.locator(".till-scan").bounding_box()
        stay = be_warned(page)
        expect(field).to_be_focused()
        expect(field).to_have_value("AB")
        assert page.locator(".till-scan").bounding_box() == place, "nothing moves under a finger"
        page.wait_for_function("() => window.said.length === 1")
        assert "In 30 seconds" in page.evaluate("() => window.said.join()")
        judge(page, "warned")

        stay.focus()
        page.keyboard.press("Enter")
        expect(stay).to_be_hidden()
        expect(field).to_be_focused()
        page.wait_for_function("() => window.said.at(-1) === 'You stay signed in.'")

        be_warned(page)  # and so long again
        scan_by_hand(page, code)
        panel(page, "look")
        expect(stay).to_be_hidden()

        page.get_by_role("radio", name="Mint").check()
        page.get_by_role("button", name=re.compile("^Bill")).click()
        bill = page.get_by_role("dialog", name="What did the guest buy in all?")
        bill.get_by_role("button", name="7", exact=True).click()
        be_warned(page)
        page.context.set_offline(True)
        bill.get_by_role("button", name="Stay signed in").click()
        expect(page.get_by_text("That did not get through.")).to_be_visible()
        expect(stay).to_be_visible()
        page.context.set_offline(False)
        stay.click()
        expect(stay).to_be_hidden()
        expect(bill.locator("output")).to_have_text("$0.07")
        bill.get_by_role("button", name="Done").click()

        be_warned(page)
        other = page.context.new_page()
        other.goto(page.url)
        expect(stay).to_be_hidden()
        other.close()

        be_warned(page)
        age_the_sign_in(page)
        wait(page, WARNED)
        expect(stay).to_be_hidden()
        sign_in_again(page)
        expect(page.get_by_role("radio", name="Mint")).to_be_checked()
        press(page, "Hand it over")
        panel(page, "ok")
        place = page.locator(".till-scan").bounding_box()
        be_warned(page)
        assert page.locator(".till-scan").bounding_box() == place, "beside Undo, too"


SIZES: list[ViewportSize] = [TABLET, TABLET_UPRIGHT, PHONE, {"width": 320, "height": 256}]


def be_nearly_out(page: Page) -> None:
    wait(page, IDLE - WARNED + A_BIT)
    expect(page.locator("#signed-in")).to_be_visible()


def covered(page: Page) -> dict[str, list[str]]:
    """What the bar lies over, at each size."""
    told = {}
    for size in SIZES:
        resize(page, size)
        told[f"{size['width']}x{size['height']}"] = what_lies_under(page, "#signed-in")
    return {size: faults for size, faults in told.items() if faults}


@pytest.mark.parametrize("language", ["de", pytest.param("en", marks=pytest.mark.stress)])
def test_the_warning_lies_over_nothing(
    site: str,
    camera: FakeCamera,
    paired: PairedDevice,
    manager: StaffMember,
    make_code: MakeCode,
    every_brand: None,
    language: str,
) -> None:
    """Neither over the frame's names, count and corner, nor over what can't be scrolled from under it."""
    scoops = choices(FROSTY_SPOON[0].groups)
    code, long = make_code(choices=scoops), make_code(choices=(), recipient_name="Q" * 40)
    with chromium(camera) as browser:
        page = at_the_console(browser, site, paired.token, TABLET).page
        speak = {"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": site}
        page.context.add_cookies([speak])  # type: ignore[list-item]
        page.clock.install()
        told = {}
        for name in ("", "staff/new/", "goodwill/", "shift/"):
            page.goto(f"{site}/till/manager/{name}")
            be_nearly_out(page)
            told[name] = covered(page)
        page.goto(f"{site}/till/")
        for text, kind in ((code, "look"), (long, "look"), ("0" * 17, "refused")):
            scan_by_hand(page, text)
            expect(page.locator("#signed-in")).to_be_hidden()
            panel(page, kind)
            be_nearly_out(page)
            told[f"{kind} {text[:4]}"] = covered(page)
    assert not any(told.values()), told


def test_in_the_console(
    site: str, camera: FakeCamera, paired: PairedDevice, manager: StaffMember, every_brand: None
) -> None:
    with chromium(camera) as browser:
        page = at_the_console(browser, site, paired.token, PHONE).page
        page.clock.install()
        page.goto(f"{site}/till/manager/staff/new/")
        page.get_by_label("Name").fill("Ada")
        stay = be_warned(page)
        judge(page, "warned on a phone")
        stay.click()
        expect(page.get_by_label("Name")).to_be_focused()
        be_warned(page)
        age_the_sign_in(page)
        stay.click()
        sign_in_again(page)
        expect(page.get_by_label("Name")).to_be_focused()
        expect(page.get_by_label("Name")).to_have_value("Ada")
        expect(stay).to_be_hidden()

        page.context.clear_cookies(name="staff")
        page.goto(f"{site}/till/staff/")
        expect(page.get_by_role("heading", name="Who is here?")).to_be_visible()
        expect(page.get_by_text("You were signed out")).to_be_hidden()
        page.get_by_role("radio", name="Mo").check()
        paste(page, f"{PIN[:2]} {PIN[2:]} ")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Ready")).to_be_visible()


def paste(page: Page, text: str) -> None:
    """Somebody has kept their PIN elsewhere, and puts it in from there."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("(text) => navigator.clipboard.writeText(text)", text)
    pin = page.get_by_label("PIN", exact=True)
    pin.focus()
    page.keyboard.press("Control+V")
    expect(pin).to_have_value(PIN)
