"""Two gifts, passed on by one's own hand from a phone: counted in taps."""

from collections.abc import Iterator
from typing import Any

import pytest
from django_scopes import scope
from playwright.sync_api import Browser, expect

from giftshop.catalog.models import Treat
from giftshop.orders.models import Gift, Order
from tests.browsers import PHONE, chromium
from tests.camera import FakeCamera
from tests.cast import Place, line, pay
from tests.journeys.browsers import Person

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

TAPS_MAX = 8
TAPS_IN_THE_SHEET = 2
"""Whom it goes to, and the messenger's own button."""
SHEET = """
window.sheets = [];
navigator.share = (told) => {
  window.sheets.push(told);
  const closed = sessionStorage.getItem("closes");
  return closed ? Promise.reject(new DOMException("", "AbortError")) : Promise.resolve();
};
"""
COUNT = """
addEventListener("click", (event) => {
  if (event.isTrusted) sessionStorage.setItem("taps", 1 + Number(sessionStorage.getItem("taps")));
}, true);
"""


@pytest.fixture
def order(place: Place, treat: Treat) -> Order:
    by_link = {"channel": Gift.Channel.LINK, "recipient_email": ""}
    return pay(place(lines=[line(treat, name, **by_link) for name in ("Ben", "Cleo")]))


@pytest.fixture
def links(order: Order) -> list[str]:
    with scope(brand=order.brand):
        return [f"/gift/{gift.link_token()}/" for gift in order.gifts.with_everything()]


@pytest.fixture
def browser(camera: FakeCamera, links: list[str]) -> Iterator[Browser]:
    """Opened last: while it is open, this thread must not ask the database."""
    with chromium(camera) as opened:
        yield opened


def test_two_gifts_in_eight_taps(
    site: str, order: Order, links: list[str], browser: Browser
) -> None:
    amy = Person(browser, PHONE, has_touch=True, is_mobile=True)
    amy.context.add_init_script(SHEET + COUNT)
    page = amy.page
    page.goto(f"{site}/orders/{order.link_token()}/")
    amy.judge("order-by-hand", picture=True)
    shared: list[Any] = []
    for name in ("Ben", "Cleo"):
        page.get_by_role("button", name=f"Send it to {name}").tap()
        expect(page.locator(".ticket[data-state=passed_on]")).to_have_count(len(shared) + 1)
        shared.append(name)
    taps = page.evaluate("Number(sessionStorage.getItem('taps'))")
    assert taps == 2
    assert taps + len(shared) * TAPS_IN_THE_SHEET <= TAPS_MAX
    amy.judge("order-passed-on", picture=True)


def test_the_sheet_gets_words_and_link_and_closing_it_marks_nothing(
    site: str, order: Order, links: list[str], browser: Browser
) -> None:
    amy = Person(browser, PHONE)
    amy.context.add_init_script(SHEET)
    page = amy.page
    page.goto(f"{site}/orders/{order.link_token()}/")
    page.evaluate("sessionStorage.setItem('closes', '1')")
    page.get_by_role("button", name="Send it to Ben").click()
    [told] = page.evaluate("window.sheets")
    assert told["url"].endswith(links[0])
    assert told["text"] == "Ben, a little something for you from Amy:"
    expect(page.locator(".ticket[data-state=ready]")).to_have_count(2)
    page.locator(".ticket").first.get_by_role("button", name="I sent it").click()
    expect(page.locator(".ticket[data-state=passed_on]")).to_have_count(1)


def test_where_nothing_can_be_shared_the_other_ways_are_there(
    site: str, order: Order, browser: Browser
) -> None:
    amy = Person(browser, PHONE)
    amy.context.add_init_script("delete Navigator.prototype.share")
    page = amy.page
    page.goto(f"{site}/orders/{order.link_token()}/")
    ticket = page.locator(".ticket").first
    expect(ticket.get_by_role("link", name="Messages")).to_be_visible()
    expect(ticket.get_by_role("button", name="Copy")).to_be_visible()
    expect(ticket.get_by_role("button", name="Send it to Ben")).to_have_count(0)
