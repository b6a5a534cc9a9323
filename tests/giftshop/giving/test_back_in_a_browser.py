"""Back, a second tab, a reload, and no scripts at all: from Who to what is paid, nothing typed is lost,
nothing is paid that was not looked over, and no browser asks whether to send a form again."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from brands.models import Brand, Store
from giftshop.catalog.models import Treat
from tests.browsers import PHONE, chromium
from tests.camera import FakeCamera
from tests.journeys.browsers import Person

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def site(paying_site: str) -> str:
    return paying_site


@pytest.fixture
def browser(camera: FakeCamera, brand: Brand, treat: Treat, store: Store) -> Iterator[Browser]:
    """Opened last: while it is open, this thread must not ask the database."""
    with chromium(camera) as opened:
        yield opened


def sender(browser: Browser, **how: Any) -> Person:
    """Any question of the browser's own, such as to send a form again, is written down."""
    person = Person(browser, PHONE, **how)
    person.page.on("dialog", lambda dialog: person.complaints.append(dialog.message))
    return person


def give(page: Page, site: str, brand: Brand) -> None:
    """As far as Pay: Ben by e-mail, Cleo by a link."""
    page.goto(f"{site}/shop/{brand.slug}/")
    page.get_by_role("button", name="Give a treat").first.click()
    page.get_by_label("Name").nth(0).fill("Ben")
    page.get_by_label("E-mail").nth(0).fill("ben@friends.example")
    page.get_by_label("Name").nth(1).fill("Cleo")
    page.get_by_label("I'll send the link myself").nth(1).check()
    go_on(page, "Go on to the treats")
    page.locator(".pick .choice").first.click()
    go_on(page, "Go on to the card")
    page.get_by_label("Your message").fill("This one is on me")
    page.get_by_label("Your name").fill("Amy")
    page.get_by_label("Your e-mail").fill("amy@senders.example")
    go_on(page, "Look it over")
    expect(page.get_by_text("This one is on me").first).to_be_visible()


def go_on(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).last.click()


def send(page: Page, many: str = "Send 2 gifts") -> None:
    page.get_by_role("button", name=re.compile(f"^{many} ")).click()


def pay(page: Page) -> None:
    """On Stripe's page."""
    page.locator("#cardNumber").fill("4242 4242 4242 4242")
    page.locator("#cardExpiry").fill("12 / 34")
    page.locator("#cardCvc").fill("123")
    page.locator("#billingName").fill("Amy Lind")
    page.get_by_role("button", name=re.compile("^Pay")).click()
    expect(page.get_by_role("heading", name="Thank you, Amy")).to_be_visible()


def test_back_a_second_tab_and_a_reload_cost_nothing(
    site: str, browser: Browser, brand: Brand
) -> None:
    amy = sender(browser)
    page = amy.page
    give(page, site, brand)
    a_reload_after_what_was_refused(page)
    back_through_the_steps(page)
    other = amy.context.new_page()
    a_second_tab(page, other)
    back_from_stripe_and_after_paying(page, other)
    assert amy.complaints == []


def a_reload_after_what_was_refused(page: Page) -> None:
    """A refused step is answered by a redirect: what is loaded again is no form that was sent."""
    for step, field, button in (
        ("who", "[name$=-email]", "Go on to the treats"),
        ("say", "[name=sender_email]", "Look it over"),
    ):
        page.goto(re.sub(r"/[a-z]+/(\?.*)?(#.*)?$", f"/{step}/", page.url))
        kept = page.locator(field).first.input_value()
        page.locator(field).first.fill("no address")
        go_on(page, button)
        expect(page.locator("#problems")).to_be_focused()
        answer = page.reload()
        assert answer
        assert answer.request.method == "GET"
        expect(page.locator(field).first).to_have_value("no address")
        page.locator(field).first.fill(kept)
        go_on(page, button)
        expect(page.locator("#problems")).to_have_count(0)
    expect(page).to_have_url(re.compile("/pay/$"))


def back_through_the_steps(page: Page) -> None:
    page.get_by_role("link", name=re.compile("^Who")).click()
    page.get_by_label("Name").first.fill("Benny")
    go_on(page, "Go on to the treats")
    expect(page).to_have_url(re.compile("/what/$"))
    page.go_back()
    expect(page.get_by_label("Name").first).to_have_value("Benny")
    page.go_forward()
    expect(page).to_have_url(re.compile("/what/$"))
    page.get_by_role("link", name=re.compile("^Pay")).click()
    expect(page.get_by_text("Benny").first).to_be_visible()


def a_second_tab(page: Page, other: Page) -> None:
    """What the older tab shows is not paid for: it is shown as it is now, to be looked over."""
    other.goto(page.url)
    other.get_by_role("link", name=re.compile("^Who")).click()
    other.get_by_role("button", name="Remove Cleo").click()
    go_on(other, "Go on to the treats")
    expect(other).to_have_url(re.compile("/what/$"))

    send(page, "Send 2 gifts")
    expect(page.get_by_text("This gift is not as it was when you saw it.")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Send the gift for"))).to_be_visible()
    expect(page).to_have_url(re.compile("/pay/$"))


def back_from_stripe_and_after_paying(page: Page, other: Page) -> None:
    send(page, "Send the gift")
    expect(page.locator("#cardNumber")).to_be_visible()
    page.go_back()
    expect(page).to_have_url(re.compile("/pay/$"))
    send(page, "Send the gift")
    pay(page)
    order = page.url
    page.go_back()  # Stripe's page, or the one before it: whichever, it can't be paid again
    page.goto(order)
    for step in ("who", "what", "say", "pay"):
        other.goto(re.sub(r"/[a-z]+/(\?.*)?(#.*)?$", f"/{step}/", other.url))
        expect(other).to_have_url(order)
        other.go_back()


def test_a_present_is_given_opened_and_chosen_without_scripts(
    site: str, browser: Browser, brand: Brand
) -> None:
    amy = sender(browser, java_script_enabled=False)
    page = amy.page
    give(page, site, brand)
    expect(page.get_by_role("button", name="Send 2 gifts for $13.00")).to_be_visible()
    send(page)
    pay(page)
    expect(page.get_by_text("Cleo").first).to_be_visible()
    link = page.locator("input[readonly]").first.input_value()

    cleo = sender(browser, java_script_enabled=False).page
    cleo.goto(link)
    cleo.get_by_role("button", name="Open your gift").click()
    expect(cleo.locator(".gift-code").first).to_be_visible()
    cleo.get_by_role("radio", name="Mint").check()
    cleo.get_by_role("button", name="Save my pick").click()
    expect(cleo.get_by_role("radio", name="Mint")).to_be_checked()
    cleo.get_by_label("Your words").fill("x" * 300)
    cleo.get_by_role("button", name="Send thanks").click()
    words = cleo.get_by_label("Your words")
    expect(words).to_have_attribute("aria-invalid", "true")
    expect(words).to_be_focused()
    expect(words).to_have_value("x" * 300)
    words.fill("Best sofa day ever")
    cleo.get_by_role("button", name="Send thanks").click()
    expect(cleo.get_by_role("heading", name="You thanked Amy")).to_be_visible()

    page.reload()
    expect(page.get_by_text("Best sofa day ever").first).to_be_visible()
    assert amy.complaints == []
