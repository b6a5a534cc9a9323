"""On a phone: a gift is given to a number, rings there, is opened from there; whoever got it says yes to
texts, and stop. Judged by axe at each page."""

import re
from collections.abc import Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from brands.models import Brand, Store
from giftshop.catalog.models import Treat
from giftshop.delivery.texts import answers
from giftshop.orders.models import Gift
from giftshop.outbox import relay
from sandbox.message_double import MessageDouble
from tests.browsers import PHONE, aside, chromium
from tests.camera import FakeCamera
from tests.cast import Place, line, pay
from tests.journeys.browsers import Person

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

BEN = "+4915112345678"


@pytest.fixture
def double(double: MessageDouble, brand: Brand) -> MessageDouble:
    Brand.objects.filter(pk=brand.pk).update(texts=Brand.Texts.RECIPIENTS, country="DE")
    brand.refresh_from_db()
    return double


@pytest.fixture
def texted(double: MessageDouble, place: Place, treat: Treat) -> str:
    """What Ben's phone shows of a gift."""
    ben = line(treat, "Ben", channel=Gift.Channel.SMS, recipient_phone=BEN)
    pay(place(lines=[ben]))
    relay.drain()
    (rang,) = double.sent_to(BEN)
    return str(rang["body"])


@pytest.fixture
def browser(camera: FakeCamera, store: Store, texted: str) -> Iterator[Browser]:
    """Opened last: while it is open, this thread must not ask the database."""
    with chromium(camera) as opened:
        yield opened


def test_a_number_is_one_of_three_ways(texting_site: str, browser: Browser, brand: Brand) -> None:
    amy = Person(browser, PHONE)
    page = amy.page
    page.goto(f"{texting_site}/shop/{brand.slug}/")
    page.get_by_role("button", name="Give a treat").first.click()
    expect(page.get_by_role("heading", name="Who is it for?")).to_be_visible()
    row = page.locator("[data-row]").first
    expect(row.get_by_label("Mobile number")).to_be_hidden()
    row.get_by_label("Name").fill("Ben")
    row.get_by_role("radio", name="Text message").check()
    expect(row.get_by_label("E-mail", exact=True).last).to_be_hidden()
    row.get_by_label("Mobile number").fill("030 123456")
    page.get_by_role("button", name="Go on to the treats").click()
    expect(page.locator("#problems")).to_contain_text("no mobile number")
    amy.judge("who-by-text-refused")
    row.get_by_label("Mobile number").fill("0151 12345678")
    page.get_by_role("button", name="Go on to the treats").click()
    expect(page).to_have_url(re.compile("/what/"))
    page.go_back()
    expect(row.get_by_label("Mobile number")).to_have_value("0151 12345678")
    page.get_by_role("button", name="Add a friend").click()
    expect(page.locator("[data-row]")).to_have_count(2)
    amy.judge("who-by-text")


def test_whom_a_gift_was_texted_to_is_a_face_to_tap_and_forgotten(
    texting_site: str, browser: Browser, brand: Brand
) -> None:
    """Their number is kept in the browser alone, and stands in a row once they are tapped."""
    amy = Person(browser, PHONE)
    page = amy.page

    def begin() -> None:
        page.goto(f"{texting_site}/shop/{brand.slug}/")
        page.get_by_role("button", name="Give a treat").first.click()
        expect(page.get_by_role("heading", name="Who is it for?")).to_be_visible()

    begin()
    row = page.locator("[data-row]").first
    row.get_by_label("Name").fill("Ben")
    row.get_by_role("radio", name="Text message").check()
    row.get_by_label("Mobile number").fill("0151 12345678")
    page.get_by_role("button", name="Go on to the treats").click()
    page.locator(".pick .choice").first.click()
    page.get_by_role("button", name="Go on to the card").click()
    page.get_by_label("Your name").fill("Amy")
    page.get_by_label("Your e-mail").fill("amy@senders.example")
    page.get_by_role("button", name="Look it over").last.click()
    expect(page.get_by_role("heading", name="All set?")).to_be_visible()
    page.get_by_label("Remember your friend on this device").check()
    with page.expect_request(lambda asked: asked.method == "POST"):
        page.get_by_role("button", name="Send ").click()

    begin()
    faces = page.get_by_role("region", name="People you gave to before")
    assert BEN not in page.content(), "a number is on the page unasked"
    ben = faces.get_by_role("button", name="Ben")
    ben.click()
    expect(ben).to_have_attribute("aria-pressed", "true")
    row = page.locator("[data-row]").first
    expect(row.get_by_role("radio", name="Text message")).to_be_checked()
    expect(row.get_by_label("Mobile number")).to_have_value(BEN)
    amy.judge("who-faces-by-text", picture=True)
    ben.click()
    expect(ben).to_have_attribute("aria-pressed", "false")
    expect(page.get_by_label("Mobile number").first).to_have_value("")
    faces.get_by_role("button", name="Forget all").click()
    expect(faces).to_have_count(0)
    assert page.evaluate("() => Object.values(localStorage)") == []


def test_a_text_is_opened_and_its_reader_says_yes_and_stop(
    texting_site: str, browser: Browser, texted: str, double: MessageDouble, brand: Brand
) -> None:
    ben = Person(browser, PHONE)
    page = ben.page
    page.goto(texting_site + re.findall(r"/gift/[\w-]+/", texted)[0])
    page.get_by_role("button").first.click()
    expect(page.get_by_text("Show this at the counter").first).to_be_visible()
    page.get_by_text("Give a number").click()
    page.get_by_label("Your mobile number").fill("12")
    page.get_by_role("button", name="Text me to confirm").click()
    expect(page.locator("#texts")).to_contain_text("does not look like a mobile number")
    ben.judge("gift-texts-refused")
    page.get_by_label("Your mobile number").fill("0151 12345678")
    page.get_by_role("button", name="Text me to confirm").click()
    expect(page.locator("#texts")).to_contain_text("ends in 678")
    ben.judge("gift-texts-asked")
    aside(relay.drain)
    assert "answer YES" in double.sent_to(BEN)[-1]["body"]
    aside(lambda: answers.hear(number=BEN, text="Yes please", now=timezone.now()))
    page.reload()
    expect(page.locator("#texts")).to_contain_text("texts you at the number that ends in 678")
    aside(lambda: answers.hear(number=BEN, text="Stop texting me", now=timezone.now()))
    page.reload()
    expect(page.locator("#texts")).to_contain_text("You ended the texts")
    ben.judge("gift-texts-ended")
