"""On a phone: a gift to a wrong address is put right and opened; one for later is changed and taken back; a
lost link is found. Judged by axe at each page."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from django_scopes import scope
from playwright.sync_api import Browser, Page, expect

from giftshop.catalog.models import Treat
from giftshop.delivery import channels
from giftshop.orders.models import Gift, Order
from giftshop.outbox import relay
from giftshop.payments.models import Payment
from tests.browsers import PHONE, aside, chromium
from tests.camera import FakeCamera
from tests.cast import Place, line, pay
from tests.journeys.browsers import Person

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

WRONG, RIGHT = "ben@misspelt.example", "ben@friends.example"


@pytest.fixture
def _refusing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mail server that knows nobody at the wrong address."""
    send = channels.SENDERS[Gift.Channel.EMAIL]

    def refuse(letter: Any) -> str:
        if letter.to == [WRONG]:
            raise channels.Refused("550 no such user")
        return send(letter)

    monkeypatch.setitem(channels.SENDERS, Gift.Channel.EMAIL, refuse)


@pytest.fixture
def wrong(place: Place, treat: Treat) -> str:
    """The page of an order whose gift goes to a wrong address."""
    order = pay(place(lines=[line(treat, "Ben", recipient_email=WRONG)]))
    return f"/orders/{order.link_token()}/"


@pytest.fixture
def later(place: Place, treat: Treat) -> str:
    """The page of an order whose gift waits for its day."""
    due = timezone.now() + timedelta(days=9)
    order = pay(place(key="later", lines=[line(treat, "Ben", deliver_at=due)]))
    paid_by_card(order)
    return f"/orders/{order.link_token()}/"


def paid_by_card(order: Order) -> None:
    assert order.paid_at
    with scope(brand=order.brand):
        Payment.objects.create(
            brand=order.brand,
            order=order,
            attempt=1,
            state=Payment.State.PAID,
            amount=order.total,
            currency=order.currency,
            opened_at=order.paid_at,
            asked_at=order.paid_at,
            expires_at=order.paid_at,
            settled_at=order.paid_at,
        )


@pytest.fixture
def browser(camera: FakeCamera, wrong: str, later: str) -> Iterator[Browser]:
    """Opened last: while it is open, this thread must not ask the database."""
    with chromium(camera) as opened:
        yield opened


def ticket(page: Page) -> Any:
    return page.locator(".ticket").first


@pytest.mark.usefixtures("_refusing")
def test_a_wrong_address_is_put_right_and_the_gift_opened(
    site: str, browser: Browser, wrong: str
) -> None:
    aside(relay.drain)
    amy = Person(browser, PHONE)
    page = amy.page
    page.goto(site + wrong)
    expect(ticket(page)).to_have_attribute("data-state", "undelivered")
    amy.judge("order-undelivered")
    page.get_by_role("link", name="Change the address").click()
    expect(page.get_by_role("heading", name="The gift for Ben")).to_be_visible()
    older = amy.context.new_page()
    older.goto(page.url)
    amy.judge("order-gift")
    page.get_by_label("E-mail").fill("ben at home")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    expect(page.get_by_label("E-mail")).to_have_value("ben at home")
    amy.judge("order-gift-refused")
    page.get_by_label("E-mail").fill(RIGHT)
    page.get_by_role("button", name="Save").click()
    expect(page).to_have_url(re.compile("/orders/"))
    expect(ticket(page)).to_have_attribute("data-state", "ready")
    aside(relay.drain)
    expect(ticket(page)).to_have_attribute("data-state", "sent", timeout=30_000)
    link = re.findall(r"/gift/[\w-]+/", str(letter_to(RIGHT).body))[0]
    older.get_by_label("Your message").fill("From an older page")
    older.get_by_role("button", name="Save").click()
    expect(older.locator("#saved-since")).to_be_visible()
    expect(older.get_by_label("Your message")).to_have_value("From an older page")

    ben = Person(browser, PHONE)
    ben.page.goto(site + link)
    ben.page.get_by_role("button").first.click()
    expect(ben.page.get_by_text("Show this at the counter").first).to_be_visible()
    ben.judge("opened")
    page.goto(site + wrong)
    expect(ticket(page)).to_have_attribute("data-state", "opened")
    expect(page.get_by_role("link", name="Change")).to_have_count(0)


def letter_to(address: str) -> Any:
    [letter] = [each for each in mail.outbox if each.to == [address]]
    return letter


def test_a_gift_for_later_is_changed_looked_at_and_taken_back(
    site: str, browser: Browser, later: str
) -> None:
    amy = Person(browser, PHONE)
    page = amy.page
    page.goto(site + later)
    page.get_by_role("link", name="Change").click()
    expect(page.get_by_role("heading", name="The gift for Ben")).to_be_visible()
    amy.judge("order-gift-scheduled")
    page.get_by_label("Your message").fill("Happy birthday, Ben!")
    page.get_by_role("button", name="Save").click()
    expect(ticket(page)).to_have_attribute("data-state", "scheduled")
    page.get_by_role("link", name="What Ben sees").click()
    expect(page.get_by_role("heading", name="What Ben sees")).to_be_visible()
    amy.judge("order-gift-preview")
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", name="Happy birthday, Ben!")).to_be_visible()
    page.get_by_role("link", name="See the page that it leads to").click()
    expect(page.get_by_text("Happy birthday, Ben!").first).to_be_visible()
    page.goto(site + later)
    page.get_by_role("link", name="Cancel gifts").click()
    page.get_by_role("button", name="Confirm the cancellation").click()
    expect(page.locator("#money")).to_contain_text("goes back to you")
    expect(ticket(page)).to_have_attribute("data-state", "going_back")
    amy.judge("order-cancelled")


def test_a_lost_order_is_found(site: str, browser: Browser, wrong: str) -> None:
    amy = Person(browser, PHONE)
    page = amy.page
    page.goto(f"{site}/shop/frosty-spoon/")
    page.get_by_role("link", name="Find my order").click()
    expect(page.get_by_role("heading", name="Find my order")).to_be_visible()
    amy.judge("find-orders")
    page.get_by_label("Your e-mail").fill("amy@senders.example")
    page.get_by_role("button", name="Send me the links").click()
    expect(page.get_by_text("Look into your e-mail")).to_be_visible()
    amy.judge("find-orders-sent")
    aside(relay.drain)
    [letter] = [each for each in mail.outbox if each.subject.startswith("Your orders at")]
    assert wrong in letter.body
    page.goto(site + wrong)
    expect(page.get_by_role("heading", name="Thank you, Amy")).to_be_visible()
