"""A gift of any amount, from its owner's menu to the counter that takes the last of it."""

import re

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from brands.models import Brand, Store
from giftshop.accounts.models import User
from redemption.models import StaffMember
from redemption.till.devices import PairedDevice
from tests.browsers import PHONE, chromium
from tests.camera import FakeCamera
from tests.journeys.browsers import Person
from tests.redemption.till.views.paired_pages import open_till, panel, press, scan_by_hand

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def session(owner: User) -> str:
    client = Client()
    client.force_login(owner)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def test_an_amount_goes_from_the_menu_to_the_counter_in_parts(
    paying_site: str,
    camera: FakeCamera,
    brand: Brand,
    store: Store,
    session: str,
    cashier: StaffMember,
    paired: PairedDevice,
) -> None:
    with chromium(camera) as browser:
        olive = Person(browser, PHONE)
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": paying_site}
        olive.context.add_cookies([cookie])
        put_on_the_menu(olive, paying_site)
        amy = Person(browser, PHONE)
        link = give(amy, paying_site, brand)
        ben = Person(browser, PHONE)
        code = unwrap(ben, link)
        till = open_till(browser, paying_site, paired.token, "Dana")
        take_off(till, code, basket="2000", said="Take off $20.00")
        expect(till.locator(".verdict-detail")).to_contain_text("$17.50 is left on it.")
        ben.page.reload()
        expect(ben.page.locator(".gift-worth")).to_have_text(
            re.compile(r"\$17.50\s+left of \$37.50")
        )
        expect(ben.page.get_by_role("heading", name="What was taken off it")).to_be_visible()
        ben.judge("amount-in-part", picture=True)
        amy.page.reload()
        expect(amy.page.get_by_text("$17.50 of $37.50 is left on it.")).to_be_visible()
        take_off(till, code, basket="3000", said="Take off $17.50")
        expect(till.locator("#panel")).to_contain_text("Charge $12.50 at the till.")
        ben.page.reload()
        expect(ben.page.get_by_text("Enjoyed", exact=True)).to_be_visible()
        assert [*olive.complaints, *amy.complaints, *ben.complaints] == []


def put_on_the_menu(olive: Person, site: str) -> None:
    page = olive.page
    page.goto(f"{site}/studio/frosty-spoon/menu/")
    page.get_by_role("link", name="Add an amount").click()
    page.get_by_label("Name", exact=True).fill("Ice cream money")
    page.get_by_label("The least").fill("5")
    page.get_by_label("The most").fill("200")
    page.get_by_label("A first amount to tap").fill("10")
    page.get_by_label("A second").fill("25")
    olive.judge("amount-form", picture=True)
    page.get_by_role("button", name="Add the amount").click()
    expect(page.get_by_text("any amount from $5.00 to $200.00")).to_be_visible()


def give(amy: Person, site: str, brand: Brand) -> str:
    """Ben's link, once it is paid."""
    page = amy.page
    page.goto(f"{site}/shop/{brand.slug}/")
    expect(page.get_by_text("any amount from $5.00 to $200.00")).to_be_visible()
    page.get_by_role("button", name="Ice cream money").click()
    page.get_by_label("Name").first.fill("Ben")
    page.get_by_label("I'll send the link myself").first.check()
    page.get_by_role("button", name="Go on to the treats").last.click()
    total = page.locator("[data-total-sum]")
    expect(page.get_by_role("radio", name="$10.00")).to_be_checked()
    expect(total).to_have_text("$10.00")
    page.get_by_role("radio", name="Another amount").click()
    expect(page.get_by_label("Amount", exact=True)).to_be_focused()
    page.get_by_label("Amount", exact=True).fill("2")
    page.get_by_role("button", name="Go on to the card").last.click()
    field = page.get_by_label("Amount", exact=True)
    expect(field).to_have_value("2")
    expect(field).to_have_accessible_description(
        re.compile("Choose an amount from .5.00 to .200.00")
    )
    amy.judge("amount-refused", picture=True)
    field.fill("37,50")  # as her hand has it from home
    expect(total).to_have_text("$37.50")
    page.get_by_role("button", name="Go on to the card").last.click()
    page.get_by_label("Your name").fill("Amy")
    page.get_by_label("Your e-mail").fill("amy@senders.example")
    page.get_by_role("button", name="Look it over").last.click()
    send = page.get_by_role("button", name=re.compile(r"^Send the gift for \$37.50"))
    expect(send).to_be_visible()
    amy.judge("amount-looked-over", picture=True)
    send.click()
    page.locator("#cardNumber").fill("4242 4242 4242 4242")
    page.locator("#cardExpiry").fill("12 / 34")
    page.locator("#cardCvc").fill("123")
    page.locator("#billingName").fill("Amy Lind")
    page.get_by_role("button", name=re.compile("^Pay")).click()
    expect(page.get_by_role("heading", name="Thank you, Amy")).to_be_visible()
    link = page.get_by_label("Link for Ben").input_value()
    return site + link[link.index("/gift/") :]


def unwrap(ben: Person, link: str) -> str:
    """The code that he shows."""
    ben.page.goto(link)
    ben.page.get_by_role("button", name="Open your gift").click()
    expect(ben.page.locator(".gift-worth")).to_contain_text("$37.50")
    ben.judge("amount-opened", picture=True)
    return ben.page.locator(".gift-code [data-copy]").get_attribute("data-copy") or ""


def take_off(till: Page, code: str, *, basket: str, said: str) -> None:
    scan_by_hand(till, code)
    panel(till, "look")
    till.get_by_role("button", name=re.compile("^Bill")).click()
    for digit in basket:
        till.get_by_role("dialog").get_by_role("button", name=digit, exact=True).click()
    till.get_by_role("dialog").get_by_role("button", name="Done").click()
    press(till, said)
    panel(till, "ok")
