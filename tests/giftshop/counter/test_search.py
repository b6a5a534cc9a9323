"""What a manager types to find a gift whose code nobody has in full."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand, Store
from giftshop.counter import search
from giftshop.orders.models import Gift
from redemption.codes.issue import CodeSpec, issue
from redemption.codes.issue_goodwill import issue_goodwill_gift
from redemption.models import Code, RefusedAttempt, StaffMember
from redemption.till.devices import PairedDevice
from tests.cast import Place, pay
from tests.redemption.till.views.conftest import sign_in, tablet_of

GIFTS = "/till/manager/gifts/"


@pytest.fixture
def console(paired: PairedDevice, manager: StaffMember) -> Client:
    client = tablet_of(paired)
    assert sign_in(client, manager).status_code == 302
    return client


@pytest.mark.parametrize("said", ["{}", "…{}", "...{}", " {} "])
def test_the_last_four_find_a_gift(console: Client, code: Code, said: str) -> None:
    page = console.post(GIFTS, {"text": said.format(code.last4.lower())}).content.decode()

    assert f"…{code.last4}" in page
    assert "for <bdi>Ben</bdi>, from <bdi>Amy</bdi>" in page


def test_a_goodwill_gift_is_found_by_its_name_and_by_its_last_four(
    console: Client, brand: Brand, manager: StaffMember, paired: PairedDevice, gift: Gift
) -> None:
    with scope(brand=brand):
        given = issue_goodwill_gift(
            staff=manager,
            device=paired.device,
            amount=500,
            label="On the house",
            reason="Spilled",
            recipient_name="Rosalind Franklin",
        )
    for words in ("rosalind", "Franklin", given.last4):
        page = console.post(GIFTS, {"text": words}).content.decode()
        assert "On the house" in page, words
        assert "For <bdi>Rosalind Franklin</bdi>" in page
        assert ", from" not in page
    opened = console.post(f"{GIFTS}{given.pk}/", follow=True)
    assert "On the house" in opened.content.decode()


def test_a_code_that_was_refused_here_is_found_by_its_last_four(
    console: Client, brand: Brand, store: Store, paired: PairedDevice
) -> None:
    """It was given away: nobody's name is on it."""
    now = timezone.now()
    with scope(brand=brand):
        [code] = issue(
            brand=brand,
            reference="leaflet:1",
            origin=Code.Origin.PROMOTIONAL,
            specs=[CodeSpec(reference="leaflet:1", label="Leaflet", amount=100)],
            now=now,
        )
    assert b"No such gift" in console.post(GIFTS, {"text": code.last4}).content
    RefusedAttempt.objects.create(
        brand=brand,
        store=store,
        device=paired.device,
        code=code,
        act="lookup",
        reason="expired",
        attempted_at=now,
    )
    assert b"Leaflet" in console.post(GIFTS, {"text": f"…{code.last4}"}).content


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Ben", True),
        ("be", True),
        ("en", False),  # two letters begin a word
        ("  BEN. ", True),
        ("b%n", False),
        ("be_", True),  # the end is no letter
        ("B_n", False),
        ("..", False),
        ("B", False),
        ("BEN@friends.EXAMPLE", True),
        ("en@friends.example", False),
        ("amy@senders.example", True),
        ("@", False),
    ],
)
def test_words_find_a_gift(gift: Gift, brand: Brand, store: Store, words: str, found: bool) -> None:
    with scope(brand=brand):
        ids = [each.gift.pk for each in search.by_words(words, store=store) if each.gift]
    assert (gift.pk in ids) is found


def test_an_order_that_waits_for_its_payment_is_not_found(
    place: Place, brand: Brand, store: Store
) -> None:
    """However many do, they hide nobody's gift."""
    paid = pay(place(recipients=("Ben",)))
    waiting = [place(recipients=("Ben",) * 10) for _ in range(4)]
    asked = ["Ben", "Amy", "be", "ben@friends.example", "amy@senders.example"]
    with scope(brand=brand):
        for words in asked:
            assert [
                each.gift.order for each in search.by_words(words, store=store) if each.gift
            ] == [paid]
        assert search.by_words(waiting[0].number, store=store) == []


def test_nobody_finds_another_brands_gift(
    gift: Gift, other_brand: Brand, other_store: Store
) -> None:
    assert gift.code
    asked = ["Ben", "Amy", "be", "ben@friends.example", gift.order.number, gift.code.last4]
    with scope(brand=other_brand):
        for words in asked:
            assert search.by_words(words, store=other_store) == []


def test_a_search_costs_few_queries(
    gift: Gift, brand: Brand, store: Store, django_assert_num_queries: Any
) -> None:
    assert gift.code
    asked = {
        "Ben": 7,
        "Nobody": 3,
        gift.code.last4: 9,
        "ben@friends.example": 6,
        gift.order.number: 5,
    }
    with scope(brand=brand):
        for words, queries in asked.items():
            with django_assert_num_queries(queries):
                search.by_words(words, store=store)
