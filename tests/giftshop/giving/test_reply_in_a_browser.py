"""Send one back, from the page of an opened gift to the page that asks who it is for, in a real browser: that
page sends no referrer, so its form says nothing of where it comes from."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from brands.models import Store
from giftshop.orders.models import Gift
from tests.browsers import PHONE, chromium
from tests.camera import FakeCamera
from tests.journeys.browsers import Person

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def browser(camera: FakeCamera, store: Store, gift: Gift) -> Iterator[Browser]:
    """Opened last: while it is open, this thread must not ask the database."""
    with chromium(camera) as opened:
        yield opened


def test_one_is_sent_back_with_its_sender_filled_in(
    site: str, browser: Browser, gift: Gift
) -> None:
    person = Person(browser, PHONE)
    page = person.page
    page.goto(f"{site}/gift/{gift.link_token()}/")
    page.get_by_role("button", name="Open your gift").click()
    page.get_by_role("button", name="Send one back to Amy").click()
    expect(page.get_by_role("heading", name="Who is it for?")).to_be_visible()
    expect(page.get_by_label("Name")).to_have_value("Amy")
    expect(page.get_by_label("Another e-mail")).to_have_accessible_description(
        re.compile("It goes to .?Amy.? at .?a•••@s•••.example.?, the address behind the gift")
    )
    expect(page.locator(".in-sight")).to_contain_text("Double scoop, Regular")
    person.judge("who-reply", picture=True)
    page.get_by_role("button", name="Go on to the treats").click()
    expect(page.get_by_role("radio", name="Regular")).to_be_checked()
    page.get_by_role("button", name="Go on to the card").click()
    expect(page.get_by_label("Your name")).to_have_value("Ben")
    page.get_by_label("Your e-mail").fill("ben@friends.example")
    page.get_by_role("button", name="Look it over").last.click()
    expect(page.locator(".line-how").first).to_contain_text("a•••@s•••.example")
    assert "amy@senders.example" not in page.content()
