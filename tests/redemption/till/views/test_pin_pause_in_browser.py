"""What a tablet shows after too many wrong PINs: a clock that counts down, then the PIN is taken again."""

import re
import threading

import pytest
from django.db import connection
from django.utils import timezone
from playwright.sync_api import expect

from redemption.models import StaffMember, WrongTries
from redemption.till import pin_tries
from redemption.till.devices import PairedDevice
from tests.browsers import TABLET, chromium, resize
from tests.camera import FakeCamera
from tests.cast import PIN
from tests.journeys.browsers import Person
from tests.redemption.till.views.paired_pages import pair

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 390, "height": 844}


def end_pauses() -> None:
    """As if the time had passed, for the server. In a thread: the browser holds this one."""

    def end() -> None:
        WrongTries.objects.update(blocked_until=timezone.now())
        connection.close()

    thread = threading.Thread(target=end)
    thread.start()
    thread.join()


def test_the_pause_counts_down_and_then_the_right_pin_opens_the_till(
    site: str,
    camera: FakeCamera,
    paired: PairedDevice,
    cashier: StaffMember,
    manager: StaffMember,
    every_brand: None,
) -> None:
    for _ in range(pin_tries.PER_PERSON - 1):
        pin_tries.take(device=paired.device, staff_id=cashier.pk, now=timezone.now())
    with chromium(camera) as browser:
        dana = Person(browser, TABLET, has_touch=True)
        pair(dana.context, site, paired.token)
        page = dana.page
        page.clock.install()
        page.goto(f"{site}/till/staff/")
        page.get_by_role("radio", name="Dana").check()
        page.get_by_label("PIN", exact=True).fill("0000")
        page.get_by_role("button", name="Sign in").click()
        told = page.get_by_text("Dana can try again here in")
        expect(told).to_be_visible()
        expect(page.locator("time[data-countdown]")).to_have_text(re.compile(r"^0:[0-3]\d$"))
        dana.complaints.clear()  # of the 429 itself
        dana.judge("pin-pause-tablet", picture=True)
        resize(page, PHONE)
        dana.look("pin-pause-phone", picture=True)
        resize(page, TABLET)

        page.clock.fast_forward(pin_tries.PAUSE_MIN.seconds * 1000)
        expect(told).to_be_hidden()
        end_pauses()
        page.get_by_role("radio", name="Dana").check()
        dana.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.evaluate("(pin) => navigator.clipboard.writeText(pin)", PIN)
        page.get_by_label("PIN", exact=True).focus()
        page.keyboard.press("Control+V")  # nobody has to remember it: a PIN may be pasted
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", name="Ready")).to_be_visible()
