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


def test_a_search_by_words_costs_two_queries(
    console: Client, gift: Gift, brand: Brand, store: Store, django_assert_num_queries: Any
) -> None:
    with scope(brand=brand):
        for words, queries in (("Ben", 2), ("5H4F", 2), ("ben@friends.example", 1)):
            with django_assert_num_queries(queries):
                search.by_words(words, store=store)
