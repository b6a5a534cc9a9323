"""The address of a gift's page, scanned or pasted at a till, leads to the code that the page shows."""

import json

import pytest
from django.test import Client

from giftshop.orders.models import Gift
from redemption.till import devices
from redemption.till.devices import PairedDevice
from tests.cast import make_store, symbols

pytestmark = pytest.mark.django_db


def asked(device: PairedDevice, text: str) -> tuple[int, dict[str, object]]:
    """What a program is answered."""
    answer = Client(headers={"Authorization": f"Bearer {device.token}"}).post(
        "/api/v1/lookups/", json.dumps({"code": text}), content_type="application/json"
    )
    return answer.status_code, answer.json()


def link(gift: Gift) -> str:
    return f"https://gifts.example.com/gift/{gift.link_token()}/"


@pytest.mark.parametrize("text", ["{}", " {}?from=mail ", "Ben's gift: {} enjoy", "]Q1{}"], ids=str)
def test_it_is_read_as_the_code(gift: Gift, till_system: PairedDevice, text: str) -> None:
    assert gift.code is not None
    by_link = asked(till_system, text.format(link(gift)))
    by_code = asked(till_system, symbols(gift.code))
    assert by_link[0] == 200
    assert by_link == by_code


def test_an_unknown_link_is_answered_as_an_unknown_code(
    till_system: PairedDevice, gift: Gift
) -> None:
    unknown = asked(till_system, "0" * 17)
    assert unknown[0] == 404
    assert asked(till_system, f"https://gifts.example.com/gift/{'x' * 43}/") == unknown
    assert asked(till_system, link(gift)[:-2]) == unknown


def test_another_brands_till_learns_nothing_of_it(gift: Gift, other_brand: object) -> None:
    theirs = devices.pair_directly(
        store=make_store(other_brand, "elsewhere"), name="Till", profile="integration"
    )
    assert asked(theirs, link(gift)) == asked(theirs, "0" * 17)


def test_it_is_redeemed_once(gift: Gift, till_system: PairedDevice) -> None:
    client = Client(headers={"Authorization": f"Bearer {till_system.token}"})

    def redeem(key: str, text: str) -> int:
        return client.post(
            "/api/v1/redemptions/",
            json.dumps({"code": text, "choices": {"flavour": ["pistachio"]}}),
            content_type="application/json",
            headers={"Idempotency-Key": key},
        ).status_code

    assert gift.code is not None
    assert redeem("one", link(gift)) == 201
    assert redeem("two", symbols(gift.code)) == 409
    assert redeem("three", link(gift)) == 409
