"""Every part that htmx swaps, walked in a real browser: focus stands where the person was, and what
changed is said once, in words. A swap in a template that no walk names fails here too."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_scopes import scope
from playwright.sync_api import Browser, Page, expect

from brands.models import Brand
from giftshop.accounts.models import User
from giftshop.catalog.models import Treat
from giftshop.orders.models import Draft, Gift, Order
from tests.browsers import PHONE, chromium
from tests.camera import FakeCamera
from tests.campaigns.conftest import new_fact, record
from tests.cast import Place, line, pay
from tests.giftshop.giving import steps
from tests.journeys.browsers import Person
from tests.server import ROOT

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

REQUEST = re.compile(r"\s(?:data-)?hx-(?:get|post|put|patch|delete)=")
WALKED = {
    "giftshop/order_page/order.html": 1,  # the poll
    "giftshop/gift_page/gift.html": 2,  # the pick, the thanks
    "campaigns/period.html": 2,  # its own days, a number of days
}
NOTHING_TO_FOCUS = {
    "giftshop/studio/devices/state.html": 1,
    "redemption/manager/device_state.html": 1,
}
"""These wait for a tablet: the part that is swapped has nothing that takes focus, so none can be lost."""


def test_every_swap_has_its_walk() -> None:
    found = Counter(
        {
            str(path.relative_to(ROOT / "templates")): len(REQUEST.findall(path.read_text()))
            for path in (ROOT / "templates").rglob("*.html")
        }
    )
    assert +found == Counter(WALKED | NOTHING_TO_FOCUS)
    for name in NOTHING_TO_FOCUS:
        waiting = (ROOT / "templates" / name).read_text()
        assert not re.search(r"<(a|button|input|select|textarea|summary)\b|tabindex", waiting)


def elsewhere(act: Callable[[], Any]) -> Any:
    """Done in a thread of its own: the browser's may not ask the database."""

    def do() -> Any:
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(do).result()


@pytest.fixture
def order(place: Place, treat: Treat) -> Order:
    """Ben's gift goes by a link of Amy's own, Cleo's by e-mail."""
    by_link = line(treat, "Ben", channel=Gift.Channel.LINK, recipient_email="")
    return pay(place(lines=[by_link, line(treat, "Cleo")]))


@pytest.fixture
def draft(client: Client, brand: Brand, treat: Treat) -> Draft:
    """Amy's, complete; the client's cookies are its browser's."""
    return steps.ready_draft(client, brand, treat)


@pytest.fixture
def session(owner: User, brand: Brand) -> str:
    """Of Olive, who signed in and has sold a gift."""
    with scope(brand=brand):
        record(new_fact(brand, occurred_at=timezone.now()))
    signed_in = Client()
    signed_in.force_login(owner)
    return signed_in.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def addresses(order: Order) -> dict[str, Any]:
    with scope(brand=order.brand):
        ben, cleo = order.gifts.with_everything()
        return {
            "order": f"/orders/{order.link_token()}/",
            "gift": f"/gift/{ben.link_token()}/",
            "cleo": cleo.pk,
        }


@pytest.fixture
def browser(
    camera: FakeCamera, addresses: dict[str, Any], draft: Draft, session: str
) -> Iterator[Browser]:
    """Opened last: while it is open, this thread must not ask the database."""
    with chromium(camera) as opened:
        yield opened


def focused(page: Page) -> str:
    found = page.evaluate("document.activeElement.id || document.activeElement.tagName")
    return str(found)


def test_focus_stays_and_what_changed_is_said(
    site: str, browser: Browser, addresses: dict[str, Any], draft: Draft, brand: Brand, session: str
) -> None:
    the_order_page(Person(browser, PHONE).page, site, addresses, brand)
    the_gift_page(Person(browser, PHONE).page, site, addresses)
    the_period(Person(browser, PHONE), site, session)


def the_order_page(page: Page, site: str, addresses: dict[str, Any], brand: Brand) -> None:
    page.goto(site + addresses["order"])
    page.wait_for_load_state()
    copy = page.locator("[id^=copy-]").first
    copy.focus()
    before = focused(page)
    assert before.startswith("copy-")

    def opened() -> None:
        with scope(brand=brand):
            now = timezone.now()
            Gift.objects.filter(pk=addresses["cleo"]).update(sent_at=now, opened_at=now)

    elsewhere(opened)
    expect(page.locator("#announcer")).to_contain_text("Cleo unwrapped it", timeout=30_000)
    assert "Here you see" not in page.locator("#announcer").inner_text()
    assert "Ben" not in page.locator("#announcer").inner_text()
    expect(page.locator(f"#{before}")).to_be_focused()


def the_gift_page(page: Page, site: str, addresses: dict[str, Any]) -> None:
    page.goto(site + addresses["gift"])
    page.get_by_role("button", name="Open your gift").click()
    page.locator("#choices .choice").first.click()
    page.get_by_role("button", name="Save my pick").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#announcer")).to_have_text("Saved. The counter will see it.")
    expect(page.locator("#save-pick")).to_be_focused()

    page.locator("#thanks textarea").fill("x" * 270)
    expect(page.locator("#announcer")).to_have_text(re.compile(r"^\d+ characters left$"))
    page.get_by_role("button", name="Send thanks").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#announcer")).to_have_text("Your thanks are on their way to Amy.")
    expect(page.locator("#thanks")).to_be_focused()


def the_period(person: Person, site: str, session: str) -> None:
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}
    person.context.add_cookies([cookie])  # type: ignore[list-item]
    page = person.page
    page.goto(f"{site}/studio/frosty-spoon/")
    link = page.locator("a[id^=days-]:not([aria-current])").first
    link.focus()
    before = focused(page)
    page.keyboard.press("Enter")
    expect(page.locator(f"#{before}")).to_have_attribute("aria-current", "true")
    expect(page.locator(f"#{before}")).to_be_focused()
    expect(page.locator("#announcer")).not_to_be_empty()

    page.locator("#own-days").focus()
    page.keyboard.press("Enter")
    page.locator("#period-from").focus()
    page.keyboard.press("Escape")
    expect(page.locator("#own-days")).to_be_focused()
    expect(page.locator("details.period-own[open]")).to_have_count(0)
    page.locator("#own-days").click()
    page.locator("h1").first.click()
    expect(page.locator("details.period-own[open]")).to_have_count(0)


def test_what_is_wrong_has_focus_and_no_stale_fragment_follows(
    site: str, browser: Browser, draft: Draft, client: Client
) -> None:
    person = Person(browser, PHONE)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    person.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": site}]  # type: ignore[list-item]
    )
    page = person.page
    for step, spoil, following in (
        ("who", "[name$=-email]", "what"),
        ("say", "[name=sender_email]", "pay"),
    ):
        page.goto(f"{site}/shop/{draft.brand.slug}/give/{draft.pk}/{step}/#recipients")
        field = page.locator(spoil).first
        kept = field.input_value()
        field.fill("no address")
        field.press("Enter")
        expect(page.locator("#problems")).to_be_focused()
        expect(page.locator("#problems")).to_be_in_viewport()
        field.fill(kept)
        field.press("Enter")
        page.wait_for_url(f"**/{following}/")
        assert "#" not in page.url, page.url
