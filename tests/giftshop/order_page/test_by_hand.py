"""A sender passes gifts on by their own hand: the ways, the words, and what is remembered of it."""

import re
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from django.test import Client
from django.utils import timezone, translation
from django_scopes import scope, scopes_disabled

from giftshop.catalog.models import Treat
from giftshop.operator.support.pages import STATES
from giftshop.order_page.progress import ICONS
from giftshop.orders.models import Gift, Order
from giftshop.orders.pass_on import pass_on
from giftshop.outbox.models import Message
from tests.cast import Place, line, pay, put_on_hold
from tests.giftshop.delivery.conftest import fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(place: Place, treat: Treat) -> Order:
    """Ben's and Cleo's by links of Amy's own, Dora's by e-mail."""
    by_link = {"channel": Gift.Channel.LINK, "recipient_email": ""}
    names = [line(treat, "Ben", **by_link), line(treat, "Cleo", **by_link), line(treat, "Dora")]
    return pay(place(lines=names))


@pytest.fixture
def gifts(order: Order) -> list[Gift]:
    with scope(brand=order.brand):
        return list(order.gifts.with_everything())


def tickets(order: Order) -> list[str]:
    page = Client().get(f"/orders/{order.link_token()}/").content.decode()
    return [each.partition("</ul>")[0] for each in page.split('<li class="ticket card"')[1:]]


def links(ticket: str) -> dict[str, str]:
    found = re.findall(r'<a class="button[^"]*" href="([^"]+)"[^>]*>([^<]+)</a>', ticket)
    return {name: unescape(href) for href, name in found}


def mark(order: Order, gift: Gift) -> Any:
    return Client(enforce_csrf_checks=True).post(
        f"/orders/{order.link_token()}/gifts/{gift.position}/passing-on/"
    )


def test_each_way_carries_the_words_and_the_link_and_nothing_of_the_treat(
    order: Order, gifts: list[Gift]
) -> None:
    ticket = tickets(order)[0]
    link = f"http://127.0.0.1:8000/gift/{gifts[0].link_token()}/"
    words = "Ben, a little something for you from Amy:"
    ways = links(ticket)
    assert set(ways) == {"Messages", "WhatsApp", "Telegram"}
    assert unquote(ways["Messages"]) == f"sms:?&body={words} {link}"
    assert ways["WhatsApp"].startswith("https://wa.me/?text=")
    assert parse_qs(urlsplit(ways["WhatsApp"]).query)["text"] == [f"{words} {link}"]
    assert parse_qs(urlsplit(ways["Telegram"]).query) == {"url": [link], "text": [words]}
    assert f'data-share-text="{words}"' in ticket
    for way in ways.values():
        assert "Double" not in unquote(way)


def test_a_number_that_is_known_is_written_to(order: Order, gifts: list[Gift]) -> None:
    with scope(brand=order.brand):
        gifts[0].recipient.phone = "+4915112345678"
        gifts[0].recipient.save()
    ways = links(tickets(order)[0])
    assert ways["Messages"].startswith("sms:+4915112345678?&body=")
    assert ways["WhatsApp"].startswith("https://wa.me/4915112345678?text=")


def test_the_words_are_in_the_recipients_language(order: Order, gifts: list[Gift]) -> None:
    with scope(brand=order.brand):
        gifts[0].recipient.language = "de"
        gifts[0].recipient.save()
    with translation.override("de"):
        german = translation.gettext("%(recipient)s, a little something for you from %(sender)s:")
    words = german % {"recipient": "Ben", "sender": "Amy"}
    assert words != "Ben, a little something for you from Amy:"
    assert f'data-share-text="{words}"' in tickets(order)[0]


def test_only_the_first_that_waits_has_the_first_button(order: Order, gifts: list[Gift]) -> None:
    filled = [bool(re.search(r'class="button button-wide"', each)) for each in tickets(order)]
    assert filled == [True, False, False]
    mark(order, gifts[0])
    filled = [bool(re.search(r'class="button button-wide"', each)) for each in tickets(order)]
    assert filled == [False, True, False]


def test_a_gift_that_we_bring_can_be_passed_on_too_until_it_is_opened(
    order: Order, gifts: list[Gift]
) -> None:
    dora = tickets(order)[2]
    assert "<details" in dora
    assert "Send it yourself, too" in dora
    assert gifts[2].link_token() in dora
    with scopes_disabled():
        Gift.objects.filter(pk=gifts[2].pk).update(opened_at=timezone.now(), sent_at=timezone.now())
    assert gifts[2].link_token() not in tickets(order)[2]


def test_what_the_sender_says_is_remembered_once_and_told(
    order: Order, gifts: list[Gift], settings: Any
) -> None:
    ben, _cleo, dora = gifts
    answer = mark(order, ben)
    assert (answer.status_code, answer["Location"]) == (
        303,
        f"/orders/{order.link_token()}/#gift-{ben.position}",
    )
    first = fresh(ben)
    assert first.progress == "passed_on"
    assert first.sent_at == first.passed_on_at
    mark(order, ben)
    assert fresh(ben).passed_on_at == first.passed_on_at
    assert "Sent by you" in tickets(order)[0]
    assert "I sent it" not in tickets(order)[0]
    mark(order, dora)
    assert fresh(dora).sent_at is None, "its e-mail is still to come"
    told = Message.objects.filter(topic="gift.sent")
    assert [each.payload["gift_id"] for each in told] == [str(ben.pk)]


def test_what_could_not_be_mailed_counts_as_sent_by_hand(order: Order, gifts: list[Gift]) -> None:
    with scopes_disabled():
        Gift.objects.filter(pk=gifts[2].pk).update(undeliverable_at=timezone.now())
    assert "<details" not in tickets(order)[2], "it is what there is to do"
    mark(order, gifts[2])
    assert fresh(gifts[2]).progress == "passed_on"
    assert fresh(gifts[2]).sent_at


@pytest.mark.parametrize("what", ["opened", "held", "unpaid", "not due", "other"])
def test_nothing_is_remembered_of_what_is_past_or_anothers(
    order: Order, gifts: list[Gift], place: Place, what: str
) -> None:
    gift, whose = gifts[0], order
    if what == "opened":
        with scopes_disabled():
            Gift.objects.filter(pk=gift.pk).update(opened_at=timezone.now())
    if what == "not due":
        with scopes_disabled():
            later = timezone.now() + timedelta(days=2)
            Gift.objects.filter(pk=gift.pk).update(deliver_at=later)
    if what == "held" and gift.code:
        put_on_hold(gift.code)
    if what == "unpaid":
        whose = place()
        with scope(brand=whose.brand):
            gift = whose.gifts.with_everything()[0]
    if what == "other":
        whose = pay(place())
        gone = f"/orders/{whose.link_token()}/gifts/3/passing-on/"
        assert Client().post(gone).status_code == 404
    with scope(brand=whose.brand):
        later = timezone.now() + timedelta(minutes=1)
        assert pass_on(order=whose, gift_id=gift.pk, now=later) is False
    assert fresh(gift).passed_on_at is None


def test_messenger_is_offered_where_we_have_an_app_and_learns_no_address_of_ours(
    order: Order, settings: Any
) -> None:
    assert "Messenger" not in tickets(order)[0]
    settings.FACEBOOK_APP_ID = "1234567890"
    ticket = tickets(order)[0]
    desk = next(
        unescape(each) for each in re.findall(r'href="([^"]+)"', ticket) if "facebook.com" in each
    )
    asked = parse_qs(urlsplit(desk).query)
    assert asked["redirect_uri"] == ["http://127.0.0.1:8000/shop/frosty-spoon/"]
    assert order.link_token() not in desk
    assert 'href="fb-messenger://share/?link=' in ticket
    assert Client().get(f"/orders/{order.link_token()}/")["Referrer-Policy"] == "no-referrer"


def test_every_state_of_a_gift_has_words_for_whoever_helps() -> None:
    """Those that a redemption, a refund or a report make of one are told otherwise there."""
    of_a_gift = set(ICONS) - {"partly", "going_back", "reported"}
    assert of_a_gift <= set(STATES)
