"""An owner is asked on the studio's first page, taps three, and sees what those who came say, judged by axe.
PICTURES=folder keeps what was seen."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, expect

from brands.models import Brand
from giftshop.accounts.models import User
from tests.browsers import PHONE, chromium
from tests.campaigns.reasons.test_views import say
from tests.giftshop.reasons.test_in_a_browser import look
from tests.journeys.browsers import Person

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def session(owner: User, brand: Brand) -> str:
    say(brand, "sender", 41, "treat", "event", "new", is_returning=False)
    say(brand, "recipient", 22, "discount", "close", "reviews", is_returning=True)
    client = Client()
    client.force_login(owner)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def browser(session: str) -> Iterator[Browser]:
    """Opened last: while it is open, this thread must not ask the database."""
    with chromium() as opened:
        yield opened


def test_an_owner_says_what_they_believe_and_sees_the_gap(
    site: str, browser: Browser, session: str
) -> None:
    olive = Person(browser, PHONE)
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}
    olive.context.add_cookies([cookie])  # type: ignore[list-item]
    page = olive.page
    page.goto(f"{site}/studio/frosty-spoon/")
    look(olive, "team-asked")
    page.get_by_role("link", name="Say what you believe").click()
    for name in ("Being part of a community", "An event", "New treats on the menu"):
        page.get_by_role("button", name=name).click()
    expect(page.get_by_role("button", name=name, pressed=True)).to_be_visible()
    look(olive, "team-picked")
    page.get_by_role("button", name="Send my three").click()
    expect(page.get_by_role("heading", name="Why they came")).to_be_visible()
    expect(page.get_by_text("41 of 63 said “A treat for someone”.")).to_be_visible()
    look(olive, "gap")
    page.get_by_role("link", name="Recipients").click()
    expect(page.get_by_text("22 of 22 said “A discount or a coupon”.")).to_be_visible()
    look(olive, "gap-recipients")
    page.get_by_role("button", name="Ask the team again").click()
    expect(page.get_by_text("The team was asked today already.")).to_be_visible()
