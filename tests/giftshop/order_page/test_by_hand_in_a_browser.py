"""Two gifts, passed on by one's own hand from a phone: counted in taps."""

from collections.abc import Iterator
from typing import Any

import pypdfium2
import pytest
import zxingcpp
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


def test_a_card_is_printed_and_read_by_a_scanner(
    site: str, order: Order, links: list[str], browser: Browser
) -> None:
    amy = Person(browser, PHONE)
    page = amy.page
    page.goto(f"{site}/orders/{order.link_token()}/")
    page.locator(".ticket").first.get_by_role("link", name="Print a card").click()
    expect(page.get_by_text("Whoever holds the paper holds the gift")).to_be_visible()
    amy.judge("order-card", picture=True)
    with page.expect_download() as told:
        page.get_by_role("button", name="Make the card").click()
    pdf = pypdfium2.PdfDocument(told.value.path())
    found = zxingcpp.read_barcodes(pdf[1].render(scale=3).to_pil())
    assert [len(each.text) for each in found] == [17]
    page.get_by_role("link", name="Your order").click()
    expect(page.locator(".ticket")).to_have_count(2)


def test_a_second_phone_and_the_senders_own_look(
    site: str, order: Order, links: list[str], browser: Browser
) -> None:
    amy, ben, again = (Person(browser, PHONE) for _ in range(3))
    amy.page.goto(f"{site}/orders/{order.link_token()}/")
    amy.page.goto(site + links[0])
    expect(amy.page.get_by_text("This is what Ben sees.")).to_be_visible()
    amy.judge("gift-of-the-sender", picture=True)
    ben.page.goto(site + links[0])
    ben.page.get_by_role("button", name="Open your gift").click()
    expect(ben.page.get_by_text("Show this at the counter").first).to_be_visible()
    again.page.goto(site + links[0])
    expect(again.page.get_by_role("heading")).to_have_text("This gift was opened on another phone")
    again.judge("gift-opened-elsewhere", picture=True)
    again.page.get_by_role("button", name="Send a code to Amy").click()
    again.page.get_by_label("The code from the e-mail").fill("12 34")
    again.page.get_by_role("button", name="Show the gift here").click()
    expect(again.page.get_by_text("The code has six digits.")).to_be_visible()
    expect(again.page.get_by_label("The code from the e-mail")).to_be_focused()
    again.judge("gift-code-refused", picture=True)
