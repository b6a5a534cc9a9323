"""The team is asked once in each round: on the studio's first page, not again once it said or skipped it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand, Store
from giftshop.accounts.models import Membership
from giftshop.reasons import team
from giftshop.reasons.models import Answer, Round
from tests.cast import make_user

pytestmark = pytest.mark.django_db

STUDIO = "/studio/frosty-spoon/"
OWN = f"{STUDIO}reasons/own/"
THREE = {"first": "community", "second": "close", "third": "event"}
ASKS = "Why do people come to you?"


def signed_in(brand: Brand, role: str, stores: list[Store] | None = None) -> Client:
    client = Client()
    client.force_login(make_user(brand, f"{role}@frosty.example", role, stores))
    return client


def asks(client: Client) -> bool:
    return ASKS in client.get(STUDIO).content.decode()


def test_an_owner_says_it_once(owner_client: Client, brand: Brand) -> None:
    assert asks(owner_client)
    assert owner_client.post(OWN, THREE).status_code == 302
    assert not asks(owner_client)
    owner_client.post(OWN, {**THREE, "first": "treat"})
    with scope(brand=brand):
        kept = Answer.objects.get()
        assert (kept.side, kept.ranks) == ("owner", ("community", "close", "event"))
        assert kept.round == Round.objects.get()
    assert "You said it in this round" in owner_client.get(OWN).content.decode()


def test_who_would_rather_not_is_left_alone_and_may_change_their_mind(
    owner_client: Client, brand: Brand
) -> None:
    for _ in range(2):
        assert owner_client.post(f"{OWN}skip/").status_code == 302
    assert not asks(owner_client)
    assert owner_client.post(OWN, THREE).status_code == 302
    with scope(brand=brand):
        assert Answer.objects.count() == 1


def test_the_next_round_asks_everybody_once_more(owner_client: Client, brand: Brand) -> None:
    owner_client.post(OWN, THREE)
    owner_client.post(f"{STUDIO}reasons/round/")
    assert not asks(owner_client), "the round began today"
    with scope(brand=brand):
        assert team.ask_again(brand=brand, now=timezone.now() + timedelta(days=1))
    assert asks(owner_client)
    owner_client.post(OWN, {**THREE, "first": "treat"})
    with scope(brand=brand):
        assert [each.first for each in Answer.objects.order_by("round__opened_on")] == [
            "community",
            "treat",
        ]


@pytest.mark.parametrize(
    ("role", "side"),
    [("marketer", "marketer"), ("store_manager", "store_manager"), ("finance", ""), ("reader", "")],
)
def test_who_is_asked(brand: Brand, role: str, side: str) -> None:
    client = signed_in(brand, role)
    assert asks(client) == bool(side)
    assert client.post(OWN, THREE).status_code == (302 if side else 404)
    with scope(brand=brand):
        assert [each.side for each in Answer.objects.all()] == ([side] if side else [])


def test_a_manager_of_one_store_is_asked_and_led_back_to_it(brand: Brand, store: Store) -> None:
    client = signed_in(brand, Membership.Role.STORE_MANAGER, [store])
    assert asks(client)
    answer: Any = client.post(OWN, THREE, follow=True)
    assert answer.redirect_chain[-1][0] == STUDIO
    assert "Your three are counted" in answer.content.decode()


def test_what_is_not_whole_is_asked_for_again(owner_client: Client, brand: Brand) -> None:
    answer = owner_client.post(OWN, {"first": "treat"})
    assert answer.status_code == 422
    assert "Pick one." in answer.content.decode()
    with scope(brand=brand):
        assert not Answer.objects.exists()
        assert not Round.objects.exists(), "nobody was asked by a look"
