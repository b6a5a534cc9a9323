"""An owner's pages in a real browser: nothing for axe to complain of, on a phone and on a tablet."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from django_scopes import scope
from playwright.sync_api import Browser, ViewportSize, expect

from brands.models import Brand, Store
from giftshop.accounts.access import actor_of
from giftshop.accounts.models import User
from giftshop.catalog import sold_out
from giftshop.catalog.models import Treat
from giftshop.orders.models import Gift
from redemption.models import Alarm, StaffMember
from redemption.till.devices import PairedDevice
from tests.browsers import PHONE, TABLET, chromium, faults
from tests.camera import FakeCamera
from tests.cast import make_store, make_treat
from tests.journeys.browsers import Person
from tests.redemption.till.views.paired_pages import pair, sign_in

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

STUDIO = "/studio/frosty-spoon/"


@pytest.fixture
def lived_in(
    brand: Brand, owner: User, store: Store, store_b: Store, treat: Treat, manager: StaffMember
) -> Brand:
    """A brand with a week behind it: some stores, a treat that is gone, an alarm, an audit log."""
    now = timezone.now()
    with scope(brand=brand):
        for number in range(30):
            make_store(brand, f"number-{number}", city="Tacoma", hours=[])
        gone = [treat, make_treat(brand, "mint-shake")]
        sold_out.mark_sold_out(store=store, things=gone, by=actor_of(owner))
        sold_out.mark_sold_out(store=store_b, things=[treat], by=actor_of(owner))
        Alarm.objects.create(
            brand=brand,
            kind=Alarm.Kind.WRONG_TRIES,
            count=100,
            since=now - timedelta(minutes=9),
            raised_at=now,
        )
    return brand


@pytest.fixture
def session(owner: User) -> str:
    """Of Olive, who signed in."""
    client = Client()
    client.force_login(owner)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def link(gift: Gift) -> str:
    return f"/gift/{gift.link_token()}/"


@pytest.fixture
def browser(
    camera: FakeCamera, lived_in: Brand, session: str, link: str, paired: PairedDevice
) -> Iterator[Browser]:
    """Opened last: while it is open, this thread must not ask the database."""
    with chromium(camera) as opened:
        yield opened


def olive(browser: Browser, site: str, session: str, size: ViewportSize, **options: Any) -> Person:
    person = Person(browser, size, **options)
    name = settings.SESSION_COOKIE_NAME
    person.context.add_cookies([{"name": name, "value": session, "url": site}])
    return person


@pytest.mark.parametrize(
    "size",
    [
        pytest.param(PHONE, id="phone"),
        pytest.param(TABLET, id="tablet", marks=pytest.mark.stress),
    ],
)
def test_the_owners_pages_have_nothing_to_complain_of(
    site: str, browser: Browser, session: str, size: ViewportSize
) -> None:
    person = olive(browser, site, session, size)
    pages = {
        "overview": "",
        "devices": "devices/",
        "stores": "stores/",
        "found": "stores/?q=pike",
        "not-found": "stores/?q=mars",
        "store": "stores/pike-street/",
        "new-store": "stores/new/",
        "sold-out": "stores/pike-street/sold-out/",
        "staff": "staff/",
        "new-staff": "staff/new/",
        "requests": "requests/",
        "rules": "rules/",
        "audit_log": "audit/",
    }
    told = {}
    for name, path in pages.items():
        person.page.goto(f"{site}{STUDIO}{path}")
        told[name] = [*faults(person.page), *person.complaints]
    assert {name: complaints for name, complaints in told.items() if complaints} == {}


def test_a_store_is_changed_with_scripts_and_without(
    site: str, browser: Browser, session: str
) -> None:
    for scripts, city in ((True, "Tacoma"), (False, "Olympia")):
        person = olive(browser, site, session, PHONE, java_script_enabled=scripts)
        page = person.page
        page.goto(f"{site}{STUDIO}stores/pike-street/")
        page.get_by_label("City").fill(city)
        page.get_by_label("Opens").first.fill("18:00")
        page.get_by_label("Closes").first.fill("02:00")
        page.get_by_role("button", name="The same every day").click()
        expect(page.get_by_label("Closes").last).to_have_value("02:00")
        expect(page.get_by_label("City")).to_have_value(city)
        if scripts:
            page.get_by_label("Latitude").fill("48,137")
            page.get_by_label("Longitude").fill("11,575")
            expect(page.get_by_label("Latitude")).to_have_value("48,137")
        page.get_by_label("Latitude").fill("47.6097, -122.3331")
        page.get_by_label("Longitude").focus()
        if scripts:
            expect(page.get_by_label("Longitude")).to_have_value("-122.3331")
            expect(page.get_by_role("link", name="See it on OpenStreetMap")).to_be_visible()
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_text("Saved.")).to_be_visible()
        expect(page.get_by_label("Longitude")).to_have_value("-122.3331")
        expect(page.get_by_label("City")).to_have_value(city)
        page.get_by_label("Latitude").fill("nowhere")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator("span").get_by_text("There is no position in this.")).to_be_visible()
        expect(page.get_by_role("link", name="There is no position in this.")).to_be_visible()
        if scripts:
            person.judge("store-wrong")


def test_a_recipient_reads_it_and_a_manager_says_it(
    site: str, browser: Browser, link: str, paired: PairedDevice
) -> None:
    ben = Person(browser, PHONE)
    ben.page.goto(f"{site}{link}")
    ben.page.get_by_role("button", name="Open").click()
    ben.page.get_by_role("searchbox").fill("Pike Street")
    ben.page.get_by_role("button", name="Find").click()
    expect(ben.page.get_by_text("Sold out here today").first).to_be_visible()
    ben.judge("gift-sold-out")

    mo = Person(browser, TABLET, has_touch=True)
    pair(mo.context, site, paired.token)
    mo.page.goto(f"{site}/till/staff/")
    sign_in(mo.page, "Mo")
    expect(mo.page.locator("#panel")).to_be_visible()
    mo.page.goto(f"{site}/till/manager/sold-out/")
    mo.judge("till-sold-out")
    mo.page.get_by_role("checkbox", name="Mint shake").uncheck()
    mo.page.get_by_role("button", name="Save").click()
    expect(mo.page.get_by_text("Noted. Friends see it on their gift")).to_be_visible()
