"""On a phone, from the letter: what is kept is read and erased; a gift that came to somebody else is held
back; a sender answers about one that nobody opened. Judged by axe at each page."""

import os
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from django.core import mail
from django.utils import timezone
from django_scopes import scope
from playwright.sync_api import Browser, expect

from brands.models import Brand
from giftshop.catalog.models import Treat
from giftshop.orders.models import Gift
from giftshop.outbox import relay
from tests.browsers import PHONE, chromium
from tests.camera import FakeCamera
from tests.cast import Place, line, pay
from tests.journeys.browsers import Person

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


class Links(NamedTuple):
    """Paths: what is kept of Ben and of Cleo, Ben's gift, the order, the question about Cleo's gift."""

    ben: str
    cleo: str
    gift: str
    order: str
    question: str


@pytest.fixture
def links(place: Place, treat: Treat, brand: Brand) -> Links:
    order = pay(place(lines=[line(treat, "Ben"), line(treat, "Cleo")]))
    relay.drain()
    letters = {letter.to[0]: str(letter.body) for letter in mail.outbox}
    now = timezone.now()
    with scope(brand=brand):
        ben, cleo = order.gifts.with_everything().order_by("position")
        Gift.objects.filter(pk=cleo.pk).update(asked_at=now, sent_at=now - timedelta(days=61))
    return Links(
        _data_path(letters["ben@friends.example"]),
        _data_path(letters["cleo@friends.example"]),
        f"/gift/{ben.link_token()}/",
        f"/orders/{order.link_token()}/",
        f"/orders/{order.link_token()}/unopened/{cleo.pk}/",
    )


def _data_path(letter: str) -> str:
    found = re.search(r"/your-data/\S+/", letter)
    assert found
    return found[0]


@pytest.fixture
def browser(camera: FakeCamera, links: Links) -> Iterator[Browser]:
    """Opened last: while it is open, this thread must not ask the database."""
    with chromium(camera) as opened:
        yield opened


def look(person: Person, name: str) -> None:
    person.judge(name)
    if folder := os.environ.get("PICTURES"):
        for width, height in ((390, 844), (1024, 768)):
            person.page.set_viewport_size({"width": width, "height": height})
            path = Path(folder) / f"{name}-{width}.png"
            person.page.screenshot(path=path, full_page=True)
        person.page.set_viewport_size(PHONE)


def test_what_is_kept_is_read_and_erased(site: str, browser: Browser, links: Links) -> None:
    ben = Person(browser, PHONE)
    page = ben.page
    page.goto(site + links.gift)
    page.get_by_role("button", name="Open your gift").click()
    page.get_by_role("link", name="What is kept of you, and how long").click()
    expect(page.get_by_role("heading", name="For a gift from Amy")).to_be_visible()
    page.goto(site + links.ben)
    expect(page.get_by_text("ben@friends.example")).to_be_visible()
    expect(page.get_by_text("Enjoy this, Ben!")).to_be_visible()
    look(ben, "your-data")

    page.get_by_role("button", name="Never write to me again").click()
    expect(page.get_by_text("doesn't write to you any more")).to_be_visible()
    look(ben, "your-data-no-letters")

    page.get_by_role("link", name="Erase my data").click()
    expect(page.get_by_role("heading", name="Erase all of it?")).to_be_visible()
    look(ben, "your-data-erasure")
    page.get_by_role("button", name="Erase my data").click()
    expect(page.get_by_text("Nothing. Frosty Spoon Creamery keeps no name")).to_be_visible()
    expect(page.get_by_text("ben@friends.example")).to_have_count(0)
    look(ben, "your-data-nothing")

    page.goto(site + links.gift)
    expect(page.get_by_text("Show this at the counter").first).to_be_visible()
    look(ben, "gift-of-somebody-erased")
    page.goto(site + links.order)
    expect(page.get_by_role("heading", name="(name erased)")).to_be_visible()
    look(ben, "order-of-somebody-erased")


def test_a_gift_that_came_to_somebody_else_is_held_back(
    site: str, browser: Browser, links: Links
) -> None:
    stranger = Person(browser, PHONE)
    page = stranger.page
    page.goto(site + links.cleo)
    page.get_by_role("link", name="That's not me").click()
    expect(page.get_by_role("heading", name="Is this gift not for you?")).to_be_visible()
    look(stranger, "not-me")
    page.get_by_role("button", name="That's not me: hold it back").click()
    expect(page.get_by_text("The gift is held back")).to_be_visible()
    look(stranger, "not-me-done")
    page.goto(site + links.order)
    expect(page.get_by_text("Not theirs")).to_be_visible()
    look(stranger, "order-not-me")


def test_a_sender_leaves_a_gift_that_nobody_opened(
    site: str, browser: Browser, links: Links
) -> None:
    amy = Person(browser, PHONE)
    page = amy.page
    page.goto(site + links.order)
    page.get_by_role("link", name="Nobody opened it: choose what happens").click()
    expect(page.get_by_role("heading", name="Nobody has opened your gift to Cleo")).to_be_visible()
    look(amy, "unopened")
    page.get_by_role("button", name="Leave it as it is").click()
    expect(page.get_by_role("heading", name="Thank you, Amy")).to_be_visible()
    expect(page.get_by_text("choose what happens")).to_have_count(0)
