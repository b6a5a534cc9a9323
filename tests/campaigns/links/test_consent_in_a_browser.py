"""A phone follows a German brand's link: what is kept in it before a yes, after it, and once it is taken
back."""

import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django_scopes import scope
from playwright.sync_api import Browser, BrowserContext, Page, expect

from brands.models import Brand, Store
from campaigns.links import visitor_cookie
from campaigns.models import Link
from giftshop.catalog.models import Treat
from tests.browsers import PHONE, chromium, judge
from tests.camera import FakeCamera
from tests.campaigns.conftest import BROWSER

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
QUESTION = "May we remember that you came by this link?"
FORMS, DRAFT = settings.CSRF_COOKIE_NAME, settings.SESSION_COOKIE_NAME


@pytest.fixture
def german(brand: Brand, link: Link, store: Store, treat: Treat) -> Link:
    Brand.objects.filter(pk=brand.pk).update(country="DE", theme={"art": "frosty-spoon"})
    brand.country = "DE"
    with scope(brand=brand):
        Link.objects.filter(pk=link.pk).update(treat=treat)
    return link


@pytest.fixture
def browser(camera: FakeCamera, german: Link) -> Iterator[Browser]:
    """Opened last: while it is open, this thread must not ask the database."""
    with chromium(camera) as opened:
        yield opened


def kept(context: BrowserContext) -> set[str]:
    return {str(cookie.get("name")) for cookie in context.cookies()}


def phone(browser: Browser, site: str, **options: object) -> tuple[BrowserContext, Page]:
    context = browser.new_context(
        viewport=PHONE, base_url=site, user_agent=BROWSER["User-Agent"], **options
    )
    return context, context.new_page()


def test_a_phone_is_asked_and_keeps_what_it_said_yes_to(
    site: str, browser: Browser, german: Link, brand: Brand
) -> None:
    mine = visitor_cookie.name_of(brand)
    context, page = phone(browser, site)
    page.goto(f"/l/{german.slug}/")
    question = page.get_by_role("region", name=QUESTION)
    expect(question).to_be_visible()
    assert kept(context) <= {FORMS}
    judge(page, "question")
    yes, no = (question.get_by_role("button", name=name, exact=True) for name in ("Yes", "No"))
    as_yes, as_no = yes.bounding_box(), no.bounding_box()
    assert as_yes
    assert as_no
    assert (as_yes["y"], as_yes["height"]) == (as_no["y"], as_no["height"])
    no.click()
    expect(page).not_to_have_url(re.compile("ask=1"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(question).to_be_hidden()
    assert kept(context) <= {FORMS}

    page.goto(f"/l/{german.slug}/")
    yes.click()
    expect(page).not_to_have_url(re.compile("link="))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(question).to_be_hidden()
    assert kept(context) <= {FORMS, mine}
    assert mine in kept(context)

    page.get_by_role("link", name="Privacy").click()
    browser_part = page.get_by_role("form", name="This browser")
    expect(browser_part).to_be_visible()
    judge(page, "taking it back")
    browser_part.get_by_role("button", name="Forget it").click()
    expect(browser_part).to_be_hidden()
    assert mine not in kept(context)


def test_without_a_script_it_is_the_same_and_a_present_says_where_it_began(
    site: str, browser: Browser, german: Link
) -> None:
    context, page = phone(browser, site, java_script_enabled=False)
    page.goto(f"/l/{german.slug}/")
    question = page.get_by_role("region", name=QUESTION)
    question.get_by_role("button", name="No", exact=True).click()
    expect(page).to_have_url(re.compile(f"link={german.slug}$"))
    assert kept(context) <= {FORMS}
    page.get_by_role("button", name="Give a treat").first.click()
    expect(page).to_have_url(re.compile("/who/$"))
    assert kept(context) <= {FORMS, DRAFT}


def test_who_asks_to_be_left_alone_is_not_asked(site: str, browser: Browser, german: Link) -> None:
    context, page = phone(browser, site, extra_http_headers={"Sec-GPC": "1"})
    page.goto(f"/l/{german.slug}/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("region", name=QUESTION)).to_have_count(0)
    assert kept(context) <= {FORMS}
