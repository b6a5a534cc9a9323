"""The console as a manager sees it, upright and across, in light and dark: judged by axe, page by page."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_scopes import scope, scopes_disabled
from playwright.sync_api import Browser, ViewportSize, expect

from brands.models import Brand, Store
from redemption import code_format
from redemption.models import Code, Device, StaffMember, WrongTries
from redemption.redeem import guess_limit
from redemption.till import devices, pin_tries
from redemption.till.devices import PairedDevice
from tests.browsers import TABLET, TABLET_UPRIGHT, chromium
from tests.camera import FakeCamera
from tests.cast import PIN, make_staff, symbols
from tests.journeys.browsers import Person
from tests.redemption.codes import qr_reader
from tests.redemption.till.views.manager.conftest import MakeRedemption
from tests.redemption.till.views.paired_pages import pair, sign_in

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

PAGES = {
    "today": "",
    "refused": "refused/",
    "shift": "shift/",
    "staff": "staff/",
    "staff-new": "staff/new/",
    "devices": "devices/",
    "gifts": "gifts/",
    "goodwill": "goodwill/",
    "requests": "requests/",
}


@pytest.fixture
def busy_day(
    brand: Brand,
    store: Store,
    cashier: StaffMember,
    redeemed: MakeRedemption,
    refuse: Callable[..., object],
) -> None:
    now = timezone.now()
    for minutes in range(0, 600, 35):
        staff = cashier if minutes % 2 else None
        redeemed(at=now - timedelta(minutes=minutes), staff=staff, extra_amount=minutes % 3 * 50)
    with scope(brand=brand):
        code = Code.objects.order_by("pk")[0]
    for reason in ("already_redeemed", "already_redeemed", "expired", "wrong_store"):
        refuse(at=now, reason=reason, code=code, staff=cashier, act="redemption")
    refuse(at=now, reason="unknown_code")


@pytest.fixture
def colleagues(store: Store, device: Device) -> StaffMember:
    """Priya, whose PIN is paused, and Ada, a second manager."""
    make_staff(store, "Ada", StaffMember.Role.MANAGER)
    priya = make_staff(store, "Priya Ramanathan-Oyelaran")
    for _ in range(pin_tries.PER_PERSON + 4):  # each after the pause of the one before
        WrongTries.objects.update(blocked_until=None)
        pin_tries.take(device=device, staff_id=priya.pk, now=timezone.now())
    left = make_staff(store, "Theo")
    left.is_active = False
    left.save()
    return priya


def at_the_console(
    browser: Browser, site: str, token: str, size: ViewportSize, **how: Any
) -> Person:
    mo = Person(browser, size, has_touch=True, **how)
    pair(mo.context, site, token)
    page = mo.page
    page.goto(f"{site}/till/staff/")
    sign_in(page, "Mo")
    page.get_by_role("link", name="Manager").click()
    expect(page.get_by_role("heading", name="Today at my store")).to_be_visible()
    return mo


@pytest.mark.parametrize(
    ("size", "light"),
    [
        pytest.param(TABLET, "light", id="across"),
        pytest.param(TABLET_UPRIGHT, "dark", id="upright-dark", marks=pytest.mark.stress),
    ],
)
def test_each_page_is_clear_to_everybody(
    site: str,
    camera: FakeCamera,
    size: ViewportSize,
    light: str,
    brand: Brand,
    store: Store,
    paired: PairedDevice,
    manager: StaffMember,
    busy_day: None,
    colleagues: StaffMember,
    code: Code,
) -> None:
    other = devices.pair_directly(store=store, name="Terrace tablet").device
    for _ in range(10):
        guess_limit.note_wrong_try(device_id=other.pk, brand_id=brand.pk)
    plain = symbols(code)
    with chromium(camera) as browser:
        mo = at_the_console(browser, site, paired.token, size, color_scheme=light)
        page, console = mo.page, f"{site}/till/manager/"
        for name, path in PAGES.items():
            page.goto(console + path)
            mo.judge(f"manager-{name}-{light}", picture=True)

        page.goto(f"{console}staff/{colleagues.pk}/")
        mo.judge(f"manager-person-{light}", picture=True)
        page.goto(f"{console}devices/{other.pk}/")
        mo.judge(f"manager-device-{light}", picture=True)

        page.goto(f"{console}devices/")
        page.get_by_label("Name of the device").fill("Garden")
        page.get_by_role("button", name="Show the QR code").click()
        expect(page.locator(".invitation")).to_be_visible()
        scanned = qr_reader.read_png(page.locator(".invitation .qr").screenshot())
        assert scanned == "#".join(page.locator(".invitation dd").all_inner_texts())
        mo.judge(f"manager-pairing-{light}", picture=True)

        page.goto(f"{console}gifts/")
        page.get_by_label("Code, order number").fill("ben")
        page.get_by_role("button", name="Look up").click()
        expect(page.get_by_text("for Ben, from Amy")).to_be_visible()
        mo.judge(f"manager-found-{light}", picture=True)
        page.get_by_role("button", name="Double scoop").click()
        expect(page.get_by_role("heading", name="Double scoop")).to_be_visible()
        assert plain not in page.content()
        page.locator(".act summary").first.click()
        expect(page.locator(".act[open]").first).to_be_visible()
        mo.judge(f"manager-gift-{light}", picture=True)

        page.goto(f"{console}goodwill/")
        page.get_by_label("How much").fill("5.50")
        page.get_by_label("Why?").fill("melted on the way")
        page.get_by_role("button", name="Make the gift").click()
        expect(page.get_by_text("It is shown only now")).to_be_visible()
        scanned = qr_reader.read_png(page.locator(".goodwill .qr").screenshot())
        assert scanned == code_format.normalise(page.locator(".goodwill .code").inner_text())
        mo.judge(f"manager-by-hand-{light}", picture=True)

        page.goto(f"{console}shift/")
        page.emulate_media(media="print")
        expect(page.locator(".manager-nav")).to_be_hidden()
        expect(page.get_by_role("button", name="Print")).to_be_hidden()
        mo.judge(f"manager-print-{light}", picture=True)


def test_two_managers_void_a_gift_on_one_tablet(
    site: str,
    camera: FakeCamera,
    brand: Brand,
    paired: PairedDevice,
    manager: StaffMember,
    colleagues: StaffMember,
    code: Code,
) -> None:
    Brand.objects.filter(pk=brand.pk).update(void_limit=600)
    plain = symbols(code)
    with chromium(camera) as browser:
        mo = at_the_console(browser, site, paired.token, TABLET)
        page = mo.page
        page.get_by_role("link", name="Gifts").click()
        page.get_by_label("Code, order number").fill(plain.lower())
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="Cancel it").click()
        page.locator("#void-reason").fill("bought twice")
        page.get_by_role("button", name="Ask to cancel it").click()
        expect(page.get_by_role("heading", name="A second manager decides")).to_be_visible()
        mo.judge("manager-decision", picture=True)
        page.get_by_label("Their own PIN").fill(PIN)
        page.get_by_role("button", name="Cancel the gift").click()
        expect(page.get_by_text("Cancelled").first).to_be_visible()

    with scopes_disabled():
        assert Code.objects.get(pk=code.pk).state == Code.State.VOIDED
        assert Device.objects.count() == 1
