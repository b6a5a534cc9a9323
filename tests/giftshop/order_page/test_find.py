"""Who lost the link to their order has it sent to their own address; nobody learns whose orders there are."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from brands.models import Brand
from giftshop.delivery import orders_found, suppression
from giftshop.delivery.orders_found import TOLD_MAX, seek
from giftshop.http.rate_limits import SOUGHT_A_DAY
from giftshop.orders.models import Order
from giftshop.outbox import relay
from giftshop.outbox.models import Message
from tests.cast import Place, pay
from tests.giftshop.delivery.conftest import html_of, letters_to

pytestmark = pytest.mark.django_db

AMY, HERE = "amy@senders.example", "/shop/frosty-spoon/orders/find/"
SUBJECT = "Your orders at Frosty Spoon Creamery"


def found() -> list[Any]:
    relay.drain()
    return [each for each in letters_to(AMY) if each.subject == SUBJECT]


def asked(client: Client, address: str) -> Any:
    return client.post(HERE, {"email": address}, follow=True)


def test_the_links_go_to_the_address_of_the_order(client: Client, paid_order: Order) -> None:
    told = unescape(asked(client, "AMY@senders.example").content.decode())
    assert "If there are orders from that address" in told
    assert AMY not in told
    [letter] = found()
    for text in (letter.body, html_of(letter)):
        assert f"/orders/{paid_order.link_token()}/" in text
        assert paid_order.number in text
        assert "Ben" in text


def test_the_answer_is_the_same_for_an_address_that_is_none(
    client: Client, paid_order: Order, place: Place
) -> None:
    unpaid = place(key="later")
    with scopes_disabled():
        Order.objects.filter(pk=unpaid.pk).update(sender_email="una@senders.example")
    answers = {
        re.sub(
            r'name="csrfmiddlewaretoken" value="\w+"', "", asked(Client(), address).content.decode()
        )
        for address in (AMY, "nobody@senders.example", "una@senders.example")
    }
    assert len(answers) == 1
    relay.drain()
    assert not letters_to("nobody@senders.example")
    assert not letters_to("una@senders.example")
    assert len(found()) == 1
    with scopes_disabled():
        assert Message.objects.filter(topic="orders.sought").count() == 3


def test_whoever_has_it_costs_as_many_statements(
    client: Client, paid_order: Order, django_assert_num_queries: Any
) -> None:
    for address in (AMY, "nobody@senders.example"):
        with scope(brand=paid_order.brand), django_assert_num_queries(5):
            seek(brand=paid_order.brand, address=address, now=timezone.now())


def test_no_mail_box_is_filled_by_it(paid_order: Order) -> None:
    now = timezone.now()
    with scope(brand=paid_order.brand):
        for _ in range(SOUGHT_A_DAY + 2):
            seek(brand=paid_order.brand, address=AMY, now=now)
        assert len(found()) == SOUGHT_A_DAY
        tomorrow = now + timedelta(days=1, seconds=1)
        seek(brand=paid_order.brand, address=AMY.upper(), now=tomorrow)
    relay.drain(now=tomorrow)
    assert len(found()) == SOUGHT_A_DAY + 1


def test_another_brands_orders_are_not_told(
    client: Client, paid_order: Order, other_brand: Brand
) -> None:
    asked(client, AMY)
    client.post("/shop/harbor-bean/orders/find/", {"email": AMY})
    relay.drain()
    assert not [each for each in mail.outbox if "Harbor Bean" in each.subject]


def test_the_newest_alone_and_also_to_who_wants_no_more_gift_mails(
    place: Place, brand: Brand
) -> None:
    orders = [pay(place()) for _ in range(TOLD_MAX + 1)]
    suppression.suppress(address=AMY, brand=brand)
    with scope(brand=brand):
        seek(brand=brand, address=AMY, now=timezone.now())
    [letter] = found()
    assert orders[0].link_token() not in letter.body
    assert all(order.link_token() in letter.body for order in orders[1:])


def test_what_is_no_address_is_said_at_its_field(client: Client, brand: Brand) -> None:
    answer = client.post(HERE, {"email": "amy at home"})
    assert answer.status_code == 422
    assert "This does not look like an e-mail address." in answer.content.decode()
    assert "amy at home" in answer.content.decode()


def test_an_order_that_is_gone_by_then_is_nobodys_fault(paid_order: Order) -> None:
    message = Message(
        topic="orders.sought",
        brand_id=paid_order.brand_id,
        payload={"order_id": "01938f6e-0000-7000-8000-000000000000", "sought": "x"},
    )
    before = len(mail.outbox)
    orders_found.send_links(message)
    assert len(mail.outbox) == before


def test_the_shop_the_receipt_and_a_wrong_link_lead_here(client: Client, paid_order: Order) -> None:
    assert HERE in client.get("/shop/frosty-spoon/").content.decode()
    relay.drain()
    [receipt] = letters_to(AMY)
    assert HERE in receipt.body
    assert HERE in html_of(receipt)
    assert "Find my order" in client.get("/orders/nope/").content.decode()
