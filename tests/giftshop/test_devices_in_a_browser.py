"""A device that is paired while somebody waits: studio and console say so, once, and the focus stays."""

from collections.abc import Iterator
from functools import partial

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from django_scopes import scopes_disabled
from playwright.sync_api import Browser, Page, expect

from core import crypto
from giftshop.accounts.models import User
from redemption.models import Device, StaffMember
from redemption.till import devices
from redemption.till.devices import PairedDevice
from tests.browsers import PHONE, chromium
from tests.camera import FakeCamera
from tests.giftshop.listening import LISTEN, said
from tests.giftshop.swaps import Swap, elsewhere, heard, swaps
from tests.journeys.browsers import Person
from tests.redemption.till.views.paired_pages import open_till

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

BY_A_DEVICE = ("redemption/device/state.html",)
"""Templates whose swaps are walked here, each of them."""


@pytest.fixture
def session(owner: User) -> str:
    """Of Olive, who signed in."""
    signed_in = Client()
    signed_in.force_login(owner)
    return signed_in.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def browser(
    camera: FakeCamera, session: str, paired: PairedDevice, manager: StaffMember
) -> Iterator[Browser]:
    """Opened last: while it is open, this thread must not ask the database."""
    with chromium(camera) as opened:
        yield opened


def test_a_device_that_is_paired_is_said_and_takes_no_focus(
    site: str, browser: Browser, session: str, paired: PairedDevice
) -> None:
    walked = set[Swap]()
    olive = Person(browser, PHONE)
    heard(olive.page, walked)
    in_the_studio(olive, site, session, paired)
    assert walked == set(swaps(*BY_A_DEVICE))
    at_the_console(open_till(browser, site, paired.token, "Mo", script=f"() => {{{LISTEN}}}"), site)


def in_the_studio(person: Person, site: str, session: str, paired: PairedDevice) -> None:
    """The list of devices is swapped, too: what somebody has opened in it, and types, stays."""
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}
    person.context.add_cookies([cookie])  # type: ignore[list-item]
    page = person.page
    page.goto(f"{site}/studio/frosty-spoon/devices/")
    page.locator("#add-title + form [name=name]").fill("Window")
    page.get_by_role("button", name="Show the QR code to scan").click()
    token = page.locator(".invitation-text dd").last.inner_text()
    page.locator(f"#change-{paired.device.pk}").press("Enter")
    typed = page.locator(f"#name-{paired.device.pk}")
    typed.fill("Half a na")
    elsewhere(lambda: devices.pair(one_time_token=token))
    expect(page.locator("#devices")).to_contain_text("Window")
    expect(page.locator("#device-state")).to_contain_text("is at Pike Street now")
    expect(typed).to_be_focused()
    expect(typed).to_have_value("Half a na")
    expect(page.locator("#announcer")).to_have_text("Connected")
    assert said(page) == ["Connected"]


def at_the_console(page: Page, site: str) -> None:
    for come, words in (
        (lambda token: devices.pair(one_time_token=token), "Connected"),
        (too_late, "This QR code is out of date"),
    ):
        page.goto(f"{site}/till/manager/devices/")
        page.get_by_label("Name of the device").fill("Window")
        page.get_by_role("button", name="Show the QR code to scan").click()
        token = page.locator(".invitation-text dd").last.inner_text()
        page.get_by_label("Name of the device").fill("One more")
        elsewhere(partial(come, token))
        expect(page.locator("#device-state .alert")).to_contain_text(words)
        expect(page.get_by_label("Name of the device")).to_be_focused()
        expect(page.get_by_label("Name of the device")).to_have_value("One more")
        expect(page.locator("#announcer")).to_have_text(words)
        assert said(page) == [words]


def too_late(token: str) -> None:
    """Its QR code has run out."""
    with scopes_disabled():
        waiting = Device._base_manager.filter(pairing_digest=crypto.token_digest(token))
        assert waiting.update(pairing_expires_at=timezone.now()) == 1
