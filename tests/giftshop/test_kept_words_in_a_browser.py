"""What is typed and not sent: another language, another step, Back, a reload, a refusal or a sign-in that
ended cost nothing; but it never stands over what is newer, nor for anybody else, nor once it was sent."""

import re
from collections.abc import Iterator
from datetime import date

import pytest
from django.conf import settings
from django.test import Client
from django_scopes import scope
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from brands.models import Brand, Store
from campaigns.models import Campaign
from giftshop.accounts.models import User
from giftshop.catalog.models import Treat
from giftshop.orders.models import Draft
from tests.browsers import DESK, PHONE, chromium
from tests.camera import FakeCamera
from tests.cast import PASSWORD
from tests.giftshop.giving.steps import ready_draft, url

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

NOTE = re.compile("What you typed here before is back")


@pytest.fixture
def draft(client: Client, brand: Brand, store: Store, treat: Treat) -> Draft:
    """Of the client's browser; the brand has a campaign, too."""
    named = {"slug": "summer", "name": "Summer", "headline": "Hello"}
    with scope(brand=brand):
        Campaign.objects.create(brand=brand, starts_on=date(2026, 1, 1), budget=120_050, **named)
    return ready_draft(client, brand, treat)


@pytest.fixture
def sessions(client: Client, draft: Draft, owner: User, marketer: User) -> dict[str, str]:
    """Of Amy, who has the draft, and of Olive and Max, who are signed in."""
    visitors = {"amy": client, "olive": Client(), "max": Client()}
    visitors["olive"].force_login(owner)
    visitors["max"].force_login(marketer)
    cookie = settings.SESSION_COOKIE_NAME
    return {name: visitor.cookies[cookie].value for name, visitor in visitors.items()}


@pytest.fixture
def browser(camera: FakeCamera, sessions: dict[str, str]) -> Iterator[Browser]:
    """Opened last: while it is open, this thread must not ask the database."""
    with chromium(camera) as opened:
        yield opened


def be(context: BrowserContext, site: str, session: str) -> None:
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}
    context.add_cookies([cookie])  # type: ignore[list-item]


def open_page(context: BrowserContext, site: str, session: str, faults: list[str]) -> Page:
    be(context, site, session)
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    return page


def kept(page: Page) -> list[str]:
    """Of which forms something is kept."""
    names = page.evaluate(
        "JSON.parse(sessionStorage.getItem('kept'))?.forms.map((one) => one.name)"
    )
    return [name.split("-")[0] for name in names or []]


def test_what_is_typed_and_not_sent_is_kept(
    site: str, browser: Browser, draft: Draft, sessions: dict[str, str]
) -> None:
    faults: list[str] = []
    page = open_page(
        browser.new_context(viewport=PHONE, base_url=site), site, sessions["amy"], faults
    )
    recipients_and_their_rows(page, url(draft, "who"))
    the_only_row(page, url(draft, "who"))
    another_step(page, url(draft, "say"))
    an_older_tab(page, page.context.new_page(), url(draft, "say"))
    a_full_store(page, url(draft, "say"))

    page = open_page(
        browser.new_context(viewport=DESK, base_url=site), site, sessions["olive"], faults
    )
    campaigns = f"/studio/{draft.brand.slug}/campaigns/"
    a_campaign(page, f"{campaigns}summer/edit/")
    a_new_campaign(page, f"{campaigns}new/")
    a_sign_in_that_ended(page, f"{campaigns}summer/edit/")
    nobody_elses(page, site, sessions["max"], f"{campaigns}summer/edit/")
    assert faults == []


def names(page: Page) -> Locator:
    return page.locator("[name$='-name']")


def expect_names(page: Page, *wanted: str) -> None:
    page.wait_for_function(
        """(wanted) => String([...document.querySelectorAll("[name$='-name']")].map((one) => one.value))
          === wanted.join()""",
        arg=list(wanted),
    )


def recipients_and_their_rows(page: Page, who: str) -> None:
    page.goto(who)
    expect_names(page, "Ben", "Cleo")
    page.get_by_role("button", name="Remove Ben").click()
    page.get_by_role("button", name="Add a friend").click()
    names(page).nth(1).fill("Dee")
    page.get_by_label("E-mail").nth(1).fill("dee@friends.example")
    page.get_by_role("button", name="Add a friend").click()
    names(page).nth(2).fill("Eli")
    page.get_by_text("Paste several at once").click()
    page.get_by_label("One friend to a line").fill("Fay <fay@friends.example>")

    page.get_by_role("button", name="Deutsch").click()
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect_names(page, "Cleo", "Dee", "Eli")
    expect(page.locator("[name$='-email']").nth(1)).to_have_value("dee@friends.example")
    expect(page.get_by_role("group", name="Eli", exact=True)).to_have_count(1)
    expect(page.locator("[name=pasted]")).to_be_visible()
    expect(page.locator("[name=pasted]")).to_have_value("Fay <fay@friends.example>")
    page.get_by_role("button", name="English").click()
    page.locator("[name=pasted]").fill("")
    page.get_by_role("button", name="Remove Dee").click()
    expect(names(page).nth(1)).to_be_focused()
    page.reload()
    expect_names(page, "Cleo", "Eli")
    page.get_by_label("I'll send the link myself").nth(1).check()

    page.get_by_role("button", name="Go on to the treats").last.click()
    expect(page).to_have_url(re.compile("/what/$"))
    assert kept(page) == []
    page.get_by_role("link", name=re.compile("^Who")).click()
    expect_names(page, "Cleo", "Eli")
    page.locator("[data-rows-remove]").first.click()
    page.reload()
    expect_names(page, "Eli")
    page.get_by_role("button", name="Go on to the treats").last.click()
    expect(page).to_have_url(re.compile("/what/$"))


def the_only_row(page: Page, who: str) -> None:
    """The page came with one row; those that are added are no different, nor is that one then."""
    page.goto(who)
    expect_names(page, "Eli")
    page.get_by_role("button", name="Add a friend").click()
    names(page).nth(1).fill("Gil")
    page.get_by_label("I'll send the link myself").nth(1).check()
    page.get_by_role("button", name="Remove Eli").click()
    expect(names(page)).to_be_focused()
    expect(page.locator("#announcer")).to_have_text("Eli is off the list")
    page.get_by_role("button", name="Add a friend").click()
    names(page).nth(1).fill("Eli")
    page.get_by_label("I'll send the link myself").nth(1).check()
    page.get_by_role("button", name="Go on to the treats").last.click()
    expect(page).to_have_url(re.compile("/what/$"))


def another_step(page: Page, say: str) -> None:
    page.goto(say)
    page.get_by_role("radio", name="A card each").check()
    page.get_by_label("To Gil").fill("Dear Gil")
    page.get_by_role("link", name=re.compile("^Who")).click()
    names(page).nth(1).fill("Elias")
    page.get_by_role("link", name=re.compile("^Pay")).click()
    expect(page.locator(".lines")).to_contain_text("Elias")
    page.get_by_role("link", name=re.compile("^What")).click()
    page.locator(".pick .choice").first.click()
    page.get_by_role("button", name="Go on to the card").click()
    expect(page.get_by_label("To Gil")).to_have_value("Dear Gil")
    expect(page.get_by_label("To Gil")).to_be_visible()
    expect(page.locator("[data-letter-message]")).to_have_text("Dear Gil")
    left = page.locator("li", has=page.get_by_label("To Gil")).locator("[data-count-left]")
    expect(left).to_have_text("272")
    page.get_by_role("link", name=re.compile("^Who")).click()
    expect_names(page, "Gil", "Elias")
    page.go_back()
    expect(page.get_by_label("To Gil")).to_have_value("Dear Gil")
    page.go_forward()
    expect_names(page, "Gil", "Elias")
    page.get_by_role("button", name="Go on to the treats").last.click()
    expect(page).to_have_url(re.compile("/what/$"))


def an_older_tab(page: Page, other: Page, say: str) -> None:
    page.goto(say)
    page.locator("[name=sender_name]").fill("Older")
    other.goto(say)
    expect(other.locator("[name=sender_name]")).to_have_value("Amy")
    other.locator("[name=sender_name]").fill("Newer")
    other.get_by_role("button", name="Look it over").last.click()
    expect(other).to_have_url(re.compile("/pay/$"))
    page.reload()
    expect(page.locator("[name=sender_name]")).to_have_value("Newer")
    assert kept(page) == []


def a_full_store(page: Page, say: str) -> None:
    """Too much is not kept, and nothing else breaks; nor is what can't be read."""
    page.get_by_label("To Gil").fill("x" * 200_000)
    assert kept(page) == []
    for nonsense in ("{", "null", '{"forms": 1}'):
        page.evaluate("(text) => sessionStorage.setItem('kept', text)", nonsense)
        page.goto(say)
        expect(page.get_by_label("To Gil")).to_have_value("Dear Gil")
    page.get_by_label("To Gil").fill("Short")
    assert kept(page) == ["say"]


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
    page.locator("[name=starts_on]").fill("2026-11-01")
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
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
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
