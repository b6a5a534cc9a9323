"""The sender's page tells where each gift is, live, to whoever holds its address."""

import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format
from django_scopes import scope, scopes_disabled

from giftshop.catalog.models import Treat
from giftshop.orders.models import Gift, Order
from redemption.models import Device
from redemption.redeem.redeem import redeem
from tests.cast import Place, line, pay

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def address(order: Order) -> str:
    return f"/orders/{order.link_token()}/"


def page(client: Client, order: Order) -> str:
    return client.get(address(order)).content.decode()


def change(gift: Gift, **fields: Any) -> None:
    with scopes_disabled():
        Gift.objects.filter(pk=gift.pk).update(**fields)


def test_it_works_for_who_holds_the_address_in_any_browser(paid_order: Order) -> None:
    told = page(Client(), paid_order)
    assert "Thank you, <bdi>Amy</bdi>" in told
    assert "$13.00" in told
    assert f"Order {paid_order.number}" in told


def test_an_unknown_address_is_a_calm_404_that_tells_nothing(
    client: Client, paid_order: Order
) -> None:
    answer = client.get("/orders/nope/")
    assert answer.status_code == 404
    assert b"Frosty" not in answer.content


@pytest.mark.parametrize("token", ["nope", None])
def test_it_is_kept_private(client: Client, paid_order: Order, token: str | None) -> None:
    answer = client.get(f"/orders/{token or paid_order.link_token()}/")
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]
    assert "noindex" in answer["X-Robots-Tag"]


def test_an_unpaid_order_waits_and_keeps_asking(client: Client, place: Place) -> None:
    told = page(client, place())
    assert "Waiting for your payment" in told
    assert "Waits for the payment" in told
    assert 'hx-trigger="every 4s"' in told


def test_each_state_has_its_words(client: Client, paid_order: Order, gift: Gift) -> None:
    now = timezone.now()
    assert "On its way" in page(client, paid_order)
    change(gift, sent_at=now)
    assert "E-mailed" in page(client, paid_order)
    change(gift, opened_at=now)
    assert "Ben unwrapped it" in page(client, paid_order)
    change(gift, thanks="You are the best", thanked_at=now)
    assert "You are the best" in page(client, paid_order)


def test_an_enjoyed_gift_names_store_and_day(
    client: Client, paid_order: Order, gift: Gift, device: Device
) -> None:
    assert gift.code is not None
    with scope(brand=paid_order.brand):
        redeem(device=device, text=gift.code.reveal() or "", key="k", picks={"flavour": "mint"})
    told = page(client, paid_order)
    assert "Enjoyed" in told
    assert "At Pike Street on" in told


def test_a_scheduled_gift_says_when_on_the_recipients_clock(
    client: Client, place: Place, treat: Treat
) -> None:
    goes_out = timezone.now() + timedelta(days=9)
    order = pay(place(lines=[line(treat, deliver_at=goes_out, time_zone="Asia/Tokyo")]))
    told = page(client, order)
    there = goes_out.astimezone(ZoneInfo("Asia/Tokyo"))
    assert f"Arrives on {date_format(there, 'MONTH_DAY_FORMAT')}" in told
    assert "On its way" not in told
    assert "(Los Angeles); on Ben&#x27;s clock " in told
    assert f"at {date_format(there, 'TIME_FORMAT')} (Tokyo)" in told


def test_the_page_goes_by_one_clock_its_readers(client: Client, place: Place, treat: Treat) -> None:
    """The brand's in Seattle and the recipient's in Tokyo tell another day of the same evening."""
    evening = datetime(timezone.now().year + 1, 1, 5, 20, tzinfo=ZoneInfo("Europe/Berlin"))
    order = pay(place(lines=[line(treat, deliver_at=evening, time_zone="Europe/Berlin")]))
    client.cookies["clock"] = "Europe/Berlin"
    told = page(client, order)
    assert f"Arrives on Jan. 5, {evening.year}" in told
    assert f"Goes out Jan. 5, {evening.year} at 8 p.m.<" in told
    assert "clock:" not in told
    assert f"Paid on {date_format(timezone.now().astimezone(evening.tzinfo))}" in told
    with scope(brand=order.brand):
        [gift] = order.gifts.all()
    change(gift, opened_at=evening, deliver_at=None)
    assert f"unwrapped it Jan. 5, {evening.year} at 8 p.m.<" in page(client, order)


@pytest.mark.parametrize("told", ["", "Nowhere/Town", "../../etc/passwd", "x" * 4000, "é"])
def test_a_clock_that_is_none_is_the_brands(client: Client, paid_order: Order, told: str) -> None:
    client.cookies["clock"] = told
    assert 'data-clock="America/Los_Angeles"' in page(client, paid_order)


def test_a_link_gift_shows_its_link_once_paid_and_others_fold_theirs_away(
    client: Client, place: Place, treat: Treat
) -> None:
    lines = [line(treat, "Cleo", channel=Gift.Channel.LINK, recipient_email=""), line(treat, "Ben")]
    order = place(lines=lines)
    assert "/gift/" not in page(client, order)
    pay(order)
    with scope(brand=order.brand):
        cleo, ben = order.gifts.order_by("position")
    told = page(client, order)
    first, second = told.split('<li class="ticket card"')[1:]
    assert f"/gift/{cleo.link_token()}/" in first
    assert "<details" not in first
    assert ben.link_token() not in second.partition("<details")[0]
    assert ben.link_token() in second


def test_the_part_agrees_with_the_page(client: Client, paid_order: Order) -> None:
    part = client.get(address(paid_order), headers=HTMX).content.decode()
    assert part.startswith('<section class="arrivals"')
    assert part in page(client, paid_order)


def test_nothing_is_sent_while_nothing_has_changed(
    client: Client, paid_order: Order, gift: Gift
) -> None:
    version = client.get(address(paid_order)).context["version"]
    again = client.get(address(paid_order), {"seen": version}, headers=HTMX)
    assert (again.status_code, again.content) == (204, b"")
    change(gift, sent_at=timezone.now())
    assert client.get(address(paid_order), {"seen": version}, headers=HTMX).status_code == 200


def test_it_stops_asking_once_all_is_done(client: Client, place: Place) -> None:
    order = place()
    Order.objects.model._base_manager.filter(pk=order.pk).update(
        state="cancelled", cancelled_at=timezone.now()
    )
    told = page(client, order)
    assert "This order was not paid" in told
    assert "hx-get" not in told


def test_it_stays_within_its_queries(
    client: Client, paid_order: Order, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(6):
        client.get(address(paid_order))


def test_only_what_changed_is_said(client: Client, paid_order: Order, gift: Gift) -> None:
    def after(seen: str) -> list[str]:
        part = client.get(address(paid_order), {"seen": seen}, headers=HTMX).content.decode()
        return re.findall(r"data-say(?:=\"([^\"]*)\")?", part)

    before = client.get(address(paid_order)).context["version"]
    assert "data-say" not in page(client, paid_order)
    change(gift, sent_at=timezone.now(), opened_at=timezone.now())
    [said] = after(before)
    assert said.startswith("Ben unwrapped it")
    change(gift, thanks="You are the best", thanked_at=timezone.now())
    said, thanks = after(before)
    assert said.startswith("Ben unwrapped it")
    assert thanks == "Ben thanks you: You are the best"
    assert after("a page from before a release") == []


def test_a_payment_that_came_is_said_once(client: Client, place: Place) -> None:
    """Not for each gift, though all of them move."""
    order = place()
    before = client.get(address(order)).context["version"]
    pay(order)
    part = client.get(address(order), {"seen": before}, headers=HTMX).content.decode()
    assert re.findall(r"<(\w+)[^>]* data-say", part) == ["h1", "p"]
