"""Two hours without a request close the studio: two minutes before it is said, at the end nothing is lost."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from django_scopes import scope
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from brands.models import Brand, Store
from giftshop.accounts.models import Membership, User
from giftshop.accounts.session_limits import SEEN
from giftshop.accounts.sessions import SessionStore
from tests.browsers import (
    DESK,
    PHONE,
    TABLET,
    TABLET_UPRIGHT,
    chromium,
    judge,
    resize,
    what_lies_under,
)
from tests.camera import FakeCamera
from tests.campaigns.conftest import new_fact, record
from tests.cast import PASSWORD
from tests.giftshop.listening import LISTEN, said
from tests.giftshop.swaps import elsewhere

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

STUDIO = "/studio/frosty-spoon"
WARNED = timedelta(minutes=2)
SIZES: list[ViewportSize] = [DESK, TABLET, TABLET_UPRIGHT, PHONE, {"width": 320, "height": 256}]
A_BIT = timedelta(seconds=15)
"""More than a test takes between two looks at the clock."""


@pytest.fixture
def session(owner: User, brand: Brand, store: Store, other_brand: Brand) -> str:
    """Of Olive, who works for two brands, has sold a gift and signed in."""
    with scope(brand=brand):
        record(new_fact(brand, occurred_at=timezone.now()))
    Membership.objects.create(user=owner, brand=other_brand, role=Membership.Role.FINANCE)
    client = Client()
    client.force_login(owner)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def browser(camera: FakeCamera, session: str) -> Iterator[Browser]:
    """Opened last: while it is open, this thread must not ask the database."""
    with chromium(camera) as opened:
        yield opened


@pytest.fixture
def page(browser: Browser, site: str, session: str) -> Page:
    """Of Olive's browser, whose clock the test moves."""
    context = browser.new_context(viewport=DESK, locale="en-US", base_url=site)
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}
    context.add_cookies([cookie])  # type: ignore[list-item]
    context.add_init_script(LISTEN)
    page = context.new_page()
    page.clock.install()
    return page


def wait(page: Page, time: timedelta) -> None:
    """So long nobody does anything, by the clock of this browser."""
    page.clock.fast_forward(int(time.total_seconds() * 1000))


def be_warned(page: Page) -> Locator:
    """Not a moment earlier than it is due; -> the button that keeps the person signed in."""
    stay = page.get_by_role("button", name="Stay signed in")
    expect(stay).to_be_hidden()
    wait(page, settings.STUDIO_IDLE - WARNED - A_BIT)
    expect(stay).to_be_hidden()
    wait(page, A_BIT)
    expect(stay).to_be_visible()
    return stay


def age(session: str, time: timedelta) -> None:
    """As if whoever has this session had last been here so long ago."""

    def do() -> None:
        store = SessionStore(session)
        store[SEEN] -= int(time.total_seconds())
        store.save()

    elsewhere(do)


def seen_at(session: str) -> int:
    return int(elsewhere(lambda: SessionStore(session)[SEEN]))


def expect_said(page: Page, words: str) -> None:
    page.wait_for_function("(words) => said.some((one) => one.includes(words))", arg=words)
    said(page)


def test_in_the_studio(page: Page, session: str) -> None:
    page.goto(f"{STUDIO}/staff/new/")
    name = page.get_by_label("Name", exact=True)
    name.fill("Zoe")
    place = name.bounding_box()
    stay = be_warned(page)
    expect(name).to_be_focused()
    assert name.bounding_box() == place, "nothing moves under a finger"
    expect_said(page, "In two minutes you will be signed out.")
    judge(page, "warned")

    age(session, timedelta(minutes=5))  # too short for an answer to note it
    noted = seen_at(session)
    stay.focus()
    page.keyboard.press("Enter")
    expect(stay).to_be_hidden()
    expect(name).to_be_focused()
    expect_said(page, "You stay signed in.")
    assert seen_at(session) >= noted + 5 * 60, "the whole time anew"

    be_warned(page)
    page.context.set_offline(True)
    stay.click()
    expect(page.get_by_text("That did not get through.")).to_be_visible()
    expect(stay).to_be_visible()
    page.context.set_offline(False)
    other = page.context.new_page()
    other.goto(page.url)
    expect(stay).to_be_hidden()
    other.close()

    page.goto(f"{STUDIO}/")
    be_warned(page)
    page.get_by_role("link", name="This month").click()  # a part of the page is asked for
    expect(stay).to_be_hidden()


@pytest.mark.parametrize("language", ["de", pytest.param("en", marks=pytest.mark.stress)])
def test_the_warning_lies_over_nothing(page: Page, site: str, language: str) -> None:
    """The navigation and whoever signed in are free; all else can be scrolled from under it."""
    speak = {"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": site}
    page.context.add_cookies([speak])  # type: ignore[list-item]
    told = {}
    for name in ("", "staff/new/", "stores/"):
        page.goto(f"{STUDIO}/{name}")
        wait(page, settings.STUDIO_IDLE - WARNED + A_BIT)
        expect(page.locator("#signed-in")).to_be_visible()
        for size in SIZES:
            resize(page, size)
            told[f"{name} {size['width']}"] = what_lies_under(page, "#signed-in")
    assert not any(told.values()), told


def test_after_the_end_what_was_typed_can_still_be_sent(
    page: Page, session: str, owner: User
) -> None:
    resize(page, PHONE)
    page.goto(f"{STUDIO}/staff/new/")
    name = page.get_by_label("Name", exact=True)
    name.fill("Zoe")
    stay = be_warned(page)
    age(session, settings.STUDIO_IDLE + A_BIT)
    address = page.url
    stay.click()
    again = page.get_by_role("link", name="Sign in (opens in a new tab)")
    expect(again).to_be_focused()
    expect(stay).to_be_hidden()
    expect_said(page, "You were signed out.")
    judge(page, "signed out on a phone")
    assert page.url == address
    expect(name).to_have_value("Zoe")

    with page.context.expect_page() as opened:
        again.click()
    sign_in = opened.value
    expect(sign_in.get_by_text("You were signed out after a while")).to_be_visible()
    expect(sign_in.get_by_text("was not saved")).to_be_hidden()
    sign_in.get_by_label("E-mail").fill(owner.email)
    sign_in.get_by_text("Use your password instead").click()
    sign_in.get_by_label("Password").fill(PASSWORD)
    sign_in.get_by_role("button", name="Sign in", exact=True).click()
    expect(sign_in).to_have_url(address)

    expect(again).to_be_hidden()
    expect_said(page, "You are signed in again.")
    be_warned(page)
    stay.click()
    expect(stay).to_be_hidden()
    expect(name).to_have_value("Zoe")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_text("Not saved yet")).to_be_visible()  # a form's answer, and no refusal
    expect(name).to_have_value("Zoe")


def test_where_a_brand_is_chosen_and_without_a_click(page: Page) -> None:
    page.goto("/studio/")
    expect(page.get_by_role("heading", name="Your brands")).to_be_visible()
    stay = be_warned(page)
    judge(page, "brands")
    wait(page, WARNED + A_BIT)
    expect(stay).to_be_hidden()
    expect(page.get_by_role("link", name="Sign in (opens in a new tab)")).to_be_visible()
    expect(page.get_by_role("heading", name="Your brands")).to_be_visible()
