"""What is typed in giving and not sent: another language, another step, Back or a reload cost nothing; but it
never stands over what is newer, nor once it was sent."""

import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Locator, Page, expect

from brands.models import Brand, Store
from giftshop.catalog.models import Treat
from giftshop.orders.models import Draft
from tests.browsers import PHONE, chromium
from tests.camera import FakeCamera
from tests.giftshop.giving.steps import ready_draft, url
from tests.giftshop.kept_words import kept, open_page

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def draft(client: Client, brand: Brand, store: Store, treat: Treat) -> Draft:
    """Of the client's browser."""
    return ready_draft(client, brand, treat)


@pytest.fixture
def browser(camera: FakeCamera, draft: Draft) -> Iterator[Browser]:
    """Opened last: while it is open, this thread must not ask the database."""
    with chromium(camera) as opened:
        yield opened


def test_what_is_typed_and_not_sent_is_kept(
    site: str, browser: Browser, client: Client, draft: Draft
) -> None:
    faults: list[str] = []
    amy = client.cookies[settings.SESSION_COOKIE_NAME].value
    page = open_page(browser.new_context(viewport=PHONE, base_url=site), site, amy, faults)
    recipients_and_their_rows(page, url(draft, "who"))
    the_only_row(page, url(draft, "who"))
    another_step(page, url(draft, "say"))
    an_older_tab(page, page.context.new_page(), url(draft, "say"))
    a_full_store(page, url(draft, "say"))
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
