"""What is typed in the studio and not sent: another language, a reload, a refusal or a sign-in that ended
cost nothing; but it never stands there for anybody else, nor once it was sent."""

import re
from collections.abc import Iterator
from datetime import date

import pytest
from django.conf import settings
from django.test import Client
from django_scopes import scope
from playwright.sync_api import Browser, Page, expect

from brands.models import Brand, Store
from campaigns.models import Campaign
from giftshop.accounts.models import User
from giftshop.catalog.models import Treat
from tests.browsers import DESK, chromium
from tests.camera import FakeCamera
from tests.cast import PASSWORD
from tests.giftshop.kept_words import be, kept, open_page

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

NOTE = re.compile("What you typed here before is back")


@pytest.fixture
def campaign(brand: Brand, store: Store, treat: Treat) -> Campaign:
    named = {"slug": "summer", "name": "Summer", "headline": "Hello"}
    with scope(brand=brand):
        return Campaign.objects.create(
            brand=brand, starts_on=date(2026, 1, 1), budget=120_050, **named
        )


@pytest.fixture
def sessions(campaign: Campaign, owner: User, marketer: User) -> dict[str, str]:
    """Of Olive and Max, who are signed in."""
    visitors = {"olive": Client(), "max": Client()}
    visitors["olive"].force_login(owner)
    visitors["max"].force_login(marketer)
    cookie = settings.SESSION_COOKIE_NAME
    return {name: visitor.cookies[cookie].value for name, visitor in visitors.items()}


@pytest.fixture
def browser(camera: FakeCamera, sessions: dict[str, str]) -> Iterator[Browser]:
    """Opened last: while it is open, this thread must not ask the database."""
    with chromium(camera) as opened:
        yield opened


def test_what_an_owner_types_and_does_not_send_is_kept(
    site: str, browser: Browser, brand: Brand, sessions: dict[str, str]
) -> None:
    faults: list[str] = []
    context = browser.new_context(viewport=DESK, base_url=site)
    page = open_page(context, site, sessions["olive"], faults)
    campaigns = f"/studio/{brand.slug}/campaigns/"
    a_campaign(page, f"{campaigns}summer/edit/")
    a_new_campaign(page, f"{campaigns}new/")
    a_sign_in_that_ended(page, f"{campaigns}summer/edit/")
    nobody_elses(page, site, sessions["max"], f"{campaigns}summer/edit/")
    assert faults == []


def change_language(page: Page, name: str) -> None:
    page.locator(".studio-user summary").click()
    page.get_by_role("button", name=name).click()


def a_campaign(page: Page, edit: str) -> None:
    page.goto(edit)
    budget, headline = page.locator("[name=budget]"), page.locator("[name=headline]")
    expect(budget).to_have_value("1200.50")
    headline.fill("Hello again")
    page.locator("[name=treats]").first.check()
    change_language(page, "Deutsch")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(headline).to_have_value("Hello again")
    expect(page.locator("[name=treats]").first).to_be_checked()
    expect(budget).to_have_value("1200,50")
    change_language(page, "English")
    expect(page.locator("main").get_by_text(NOTE)).to_be_visible()
    expect(page.locator("#announcer")).to_have_text(NOTE)
    page.get_by_role("button", name="Start over").click()
    expect(headline).to_have_value("Hello")
    expect(page.locator("[name=treats]").first).not_to_be_checked()
    expect(page.locator("[name=name]")).to_be_focused()
    assert kept(page) == []

    headline.fill("Hello once more")
    page.locator("[name=name]").fill("")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#problems")).to_be_focused()
    expect(page.locator("main").get_by_text(NOTE)).to_have_count(0)
    headline.fill("Hello for good")
    change_language(page, "Deutsch")
    expect(headline).to_have_value("Hello for good")
    expect(page.locator("[name=name]")).to_have_value("")
    change_language(page, "English")
    page.locator("[name=name]").fill("Summer")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(re.compile("/summer/$"))
    page.goto(edit)
    expect(headline).to_have_value("Hello for good")
    assert kept(page) == []


def a_new_campaign(page: Page, new: str) -> None:
    page.goto(new)
    page.locator("[name=name]").fill("Winter")
    page.reload()
    expect(page.locator("[name=name]")).to_have_value("Winter")
    page.locator("[name=starts_on]").fill("2027-11-01")
    page.get_by_role("button", name="Make the campaign").click()
    page.wait_for_url(re.compile("/winter/$"))
    page.goto(new)
    expect(page.locator("[name=name]")).to_have_value("")
    assert kept(page) == []


def a_sign_in_that_ended(page: Page, edit: str) -> None:
    """What was sent then was not taken; it is there for whoever signs in again."""
    page.goto(edit)
    page.locator("[name=headline]").fill("Not taken")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.get_by_role("button", name="Save").click()
    sign_in(page)
    page.goto(edit)
    expect(page.locator("[name=headline]")).to_have_value("Not taken")


def sign_in(page: Page) -> None:
    page.get_by_label("E-mail").fill("olive@frosty.example")
    page.get_by_text("Use your password instead").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator(".studio-user")).to_be_visible()


def nobody_elses(page: Page, site: str, max_: str, edit: str) -> None:
    other = page.context.new_page()
    other.goto(edit)
    other.locator("[name=headline]").fill("In another tab")
    page.locator(".studio-user summary").click()
    page.get_by_role("button", name="Sign out").click()
    sign_in(page)
    for tab in (page, other):
        tab.goto(edit)
        expect(tab.locator("[name=headline]")).to_have_value("Hello for good")
        assert kept(tab) == []
    page.locator("[name=headline]").fill("Olive's")
    assert kept(page) == ["campaign"]
    be(page.context, site, max_)
    page.goto(edit)
    expect(page.locator("[name=headline]")).to_have_value("Hello for good")
    assert kept(page) == []
