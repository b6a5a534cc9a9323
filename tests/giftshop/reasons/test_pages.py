"""Where senders and recipients are asked why they come, and where not."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from giftshop.orders.models import Gift, Order
from giftshop.reasons.models import Answer
from tests.access.forms import Page
from tests.cast import Place

pytestmark = pytest.mark.django_db

THREE = {"first": "treat", "second": "discount", "third": "new"}
ASKS = "Say it in three taps"
COUNTED = "Your three are counted"


def page_of(order: Order) -> str:
    return f"/orders/{order.link_token()}/"


def kept(order: Order) -> list[tuple[str, ...]]:
    with scope(brand=order.brand):
        return [(each.side, *each.ranks) for each in Answer.objects.order_by("side")]


def test_a_sender_says_it_from_the_page_after_paying(paid_order: Order) -> None:
    client, page = Client(enforce_csrf_checks=True), page_of(paid_order)
    assert ASKS in client.get(page).content.decode()
    answer = client.post(f"{page}reasons/", THREE)
    assert (answer.status_code, answer["Location"]) == (303, f"{page}#reasons")
    shown = client.get(page).content.decode()
    assert COUNTED in shown
    assert ASKS not in shown
    client.post(f"{page}reasons/", {**THREE, "first": "event"})
    assert kept(paid_order) == [("sender", "treat", "discount", "new")]


def test_who_has_not_paid_or_was_erased_is_not_asked(place: Place, paid_order: Order) -> None:
    unpaid = place(key="unpaid")
    gone = {"sender_name": "", "sender_email": "", "sender_phone": ""}
    with scope(brand=paid_order.brand):
        erased = Order.objects.filter(pk=paid_order.pk)
        erased.update(sender_erased_at=timezone.now(), **gone)
    for order in (unpaid, paid_order):
        assert 'id="reasons"' not in Client().get(page_of(order)).content.decode()
        assert Client().post(f"{page_of(order)}reasons/", THREE).status_code == 303
        assert kept(order) == []


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        ({}, ["first", "second", "third"]),
        ({"first": "treat", "second": "treat"}, ["second", "third"]),
        ({"first": "gold", "second": "new", "third": "new"}, ["first", "third"]),
    ],
)
def test_what_is_wrong_is_told_and_what_was_picked_is_kept(
    paid_order: Order, sent: dict[str, str], wrong: list[str]
) -> None:
    answer = Client().post(f"{page_of(paid_order)}reasons/", sent)
    assert answer.status_code == 422
    asked = {each.name: each for each in Page(answer.content.decode()).controls if each.name}
    assert [name for name, each in asked.items() if each.is_wrong] == wrong
    assert all(asked[name].value == value for name, value in sent.items() if value != "gold")
    assert kept(paid_order) == []


def test_the_twelve_stand_as_they_stood_before(paid_order: Order) -> None:
    def options() -> list[list[str]]:
        shown = Page(Client().get(page_of(paid_order)).content.decode())
        return [each.options for each in shown.controls if each.tag == "select"]

    first = options()
    assert len(first) == 3
    assert len(set(map(tuple, first))) == 1
    assert len(first[0]) == 13
    assert options() == first


def test_a_recipient_says_it_once_they_thanked(
    unwrapped: Client, url: str, paid_order: Order
) -> None:
    assert 'id="reasons"' not in unwrapped.get(url).content.decode()
    assert unwrapped.post(f"{url}reasons/", THREE).status_code == 303
    assert kept(paid_order) == []
    unwrapped.post(f"{url}thanks/", {"words": "Thank you"})
    assert ASKS in unwrapped.get(url).content.decode()
    assert Client().post(f"{url}reasons/", THREE)["Location"] == url, "another browser has not"
    assert kept(paid_order) == []
    assert unwrapped.post(f"{url}reasons/", {"first": "treat"}).status_code == 422
    assert unwrapped.post(f"{url}reasons/", THREE).status_code == 303
    assert COUNTED in unwrapped.get(url).content.decode()
    assert kept(paid_order) == [("recipient", "treat", "discount", "new")]


def test_a_gift_that_was_taken_back_asks_nobody(unwrapped: Client, url: str, gift: Gift) -> None:
    unwrapped.post(f"{url}thanks/", {"words": "Thank you"})
    with scope(brand=gift.order.brand):
        assert gift.code is not None
        gift.code.state, gift.code.balance = "voided", 0
        gift.code.save()
    assert 'id="reasons"' not in unwrapped.get(url).content.decode()


@pytest.mark.parametrize("language", ["de", "es"])
def test_it_is_asked_in_the_readers_language(paid_order: Order, language: str) -> None:
    paid_order.brand.languages = ["en", language]
    paid_order.brand.save()
    answer: Any = Client(HTTP_ACCEPT_LANGUAGE=language).get(page_of(paid_order))
    assert 'id="reasons"' in answer.content.decode()
    assert ASKS not in answer.content.decode()
