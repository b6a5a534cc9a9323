"""A text that came back is put right, and a number is given on a gift's page, with nothing but a keyboard;
the stops are kept as those of test_keyboard.py."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django_scopes import scope
from playwright.sync_api import expect

from brands.models import Brand, Store
from giftshop.catalog.models import Treat
from giftshop.orders.models import Gift
from giftshop.outbox.models import Message
from tests.access.test_keyboard import Begin, _begin, kept
from tests.browsers import PHONE, chromium
from tests.camera import FakeCamera
from tests.cast import Place, line, pay
from tests.messages import account, came_back

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def gifts(brand: Brand, place: Place, treat: Treat, store: Store, settings: Any) -> list[Gift]:
    """Ben's went as a text, which came back; Cleo's as a mail."""
    settings.TWILIO = account()
    Brand.objects.filter(pk=brand.pk).update(texts=Brand.Texts.RECIPIENTS, country="DE")
    brand.refresh_from_db()
    by_text = {"channel": Gift.Channel.SMS, "recipient_phone": "+4915112345678"}
    order = pay(place(lines=[line(treat, "Ben", **by_text), line(treat, "Cleo")]))
    with scope(brand=brand):
        ben, cleo = order.gifts.with_everything().order_by("position")
        came_back(ben)
    Message.objects.all().delete()
    return [ben, cleo]


@pytest.fixture
def begin(texting_site: str, camera: FakeCamera, gifts: list[Gift]) -> Iterator[Begin]:
    """While it is open, this thread must not ask the database."""
    with chromium(camera) as browser:
        yield lambda size, **cookies: _begin(browser, texting_site, size, cookies)


def test_a_text_is_put_right_by_keyboard(
    gifts: list[Gift], texting_site: str, begin: Begin
) -> None:
    amy = begin(PHONE)
    hands, page = amy.hands, amy.page
    order = f"{texting_site}/orders/{gifts[0].order.link_token()}/"
    amy.open(order, "order, a text came back")
    hands.press('link "Change the number')
    page.wait_for_url(re.compile("/gifts/1/"))
    amy.walk("change of a text")
    hands.write('textbox "Mobile number', "0151 12345679")
    hands.press('button "Save')
    page.wait_for_url(re.compile(r"/orders/[^/]+/(#.*)?$"))
    expect(page.get_by_role("link", name="Change the number")).to_have_count(0)
    assert amy.stops == kept("texts", amy.stops)


def test_a_number_is_given_by_keyboard(gifts: list[Gift], texting_site: str, begin: Begin) -> None:
    cleo = begin(PHONE)
    hands, page = cleo.hands, cleo.page
    page.goto(f"{texting_site}/gift/{gifts[1].link_token()}/")
    hands.press('button "Open your gift')
    expect(page.locator(".gift-code").first).to_be_visible()
    hands.press('DisclosureTriangle "Give a number')
    expect(page.get_by_role("button", name="Text me to confirm")).to_be_visible()
    cleo.walk("gift, asked for a number")
    hands.write('textbox "Your mobile number', "0151 12345670")
    hands.press('button "Text me to confirm')
    expect(page.locator("#texts")).to_contain_text("ends in 670")
    cleo.walk("gift, a number was given")
    assert cleo.stops == kept("number", cleo.stops)
