"""A form that comes back with what is wrong has the focus there, whatever its address led to."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, expect

from brands.models import Brand, Store
from giftshop.accounts.models import User
from giftshop.catalog.models import Treat
from giftshop.orders.models import Draft
from tests.browsers import PHONE, chromium
from tests.camera import FakeCamera
from tests.giftshop.giving import steps
from tests.journeys.browsers import Person

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def draft(client: Client, brand: Brand, store: Store, treat: Treat) -> Draft:
    """Amy's, complete; the client's cookies are its browser's."""
    return steps.ready_draft(client, brand, treat)


@pytest.fixture
def session(owner: User) -> str:
    """Of Olive, who signed in."""
    signed_in = Client()
    signed_in.force_login(owner)
    return signed_in.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def browser(camera: FakeCamera, draft: Draft, session: str) -> Iterator[Browser]:
    """Opened last: while it is open, this thread must not ask the database."""
    with chromium(camera) as opened:
        yield opened


def test_what_is_wrong_has_focus_and_no_stale_fragment_follows(
    site: str, browser: Browser, draft: Draft, client: Client
) -> None:
    person = Person(browser, PHONE)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    person.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": site}]  # type: ignore[list-item]
    )
    page = person.page
    page.goto(f"{site}/shop/{draft.brand.slug}/give/{draft.pk}/what/#treats")
    page.get_by_role("button", name="Go on to the card").click()
    page.wait_for_url("**/say/")
    assert "#" not in page.url, page.url
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


def test_what_is_wrong_has_focus_in_a_form_of_the_studio(
    site: str, browser: Browser, session: str
) -> None:
    person = Person(browser, PHONE)
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}
    person.context.add_cookies([cookie])  # type: ignore[list-item]
    page = person.page
    page.goto(f"{site}/studio/frosty-spoon/campaigns/new/#id_ends_on")
    page.get_by_label("Headline").fill("Sweet")
    page.get_by_role("button", name="Make the campaign").click()
    expect(page.locator("#problems")).to_be_focused()
    expect(page.locator("#problems")).to_be_in_viewport()
    assert "#" not in page.url, page.url
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Name")).to_be_focused()
    page.keyboard.type("Summer")
    page.keyboard.press("Enter")
    page.wait_for_url("**/campaigns/summer/")
    expect(page.get_by_text("Sweet").first).to_be_visible()
