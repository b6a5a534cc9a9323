"""A request read by hand gets the answer that the framework would have given."""

import itertools
import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from redemption.api import plain
from redemption.code_format import grouped
from redemption.models import Code, Device
from redemption.till.devices import PairedDevice
from tests.cast import symbols

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=70) | st.sampled_from(
    ["0000-0000-0000-0000-0", " ", "a\u00a0b", "\x00"]
)
NUMBERS = st.integers(-3, 700) | st.sampled_from([10**12, True, 6.5, "650", None])
CHOICES = st.dictionaries(
    st.sampled_from(["flavour", "size", "hat"]),
    st.sampled_from(["mint", "gravel", ["mint"], ["mint", 1], [], 7, None]),
    max_size=2,
)
BODIES = st.fixed_dictionaries(
    {},
    optional={
        "code": TEXTS | st.none(),
        "choices": CHOICES | st.just("mint"),
        "amount": NUMBERS,
        "basket_total": NUMBERS | st.just({"amount": 900, "currency": "USD"}),
        "staff": TEXTS,
        "colour": TEXTS,
    },
)


def answer(client: Client, body: Any, token: str, key: str) -> tuple[int, str, Any]:
    response = client.post(
        "/api/v1/redemptions/",
        json.dumps(body),
        content_type="application/json",
        headers={"Authorization": f"Device {token}", "Idempotency-Key": key},
    )
    told = response.json()
    for its_own in ("id", "redeemed_at", "reversible_until"):
        told.pop(its_own, None)
    return response.status_code, response.headers["Content-Type"], told


def unblock(code: Code) -> None:
    """As if nothing had been tried or spent."""
    Code._base_manager.filter(pk=code.pk).update(balance=650, state="active")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM redemption_wrongtries")


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(body=BODIES, whole=st.booleans())
def test_both_ways_answer_alike(
    client: Client, code: Code, paired: PairedDevice, body: dict[str, Any], whole: bool
) -> None:
    if whole:
        body = {**body, "code": grouped(symbols(code))}
    unblock(code)
    by_hand = answer(client, body, paired.token, key=next(KEYS))
    unblock(code)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plain, "read", lambda _request: None)
        by_framework = answer(client, body, paired.token, key=next(KEYS))
    assert by_hand == by_framework


KEYS = map(str, itertools.count())


@pytest.mark.parametrize("choices", [None, {"flavour": "mint"}, {"flavour": ["mint"]}])
def test_what_tills_send_is_plain(rf: Any, paired: PairedDevice, choices: Any) -> None:
    body = {"code": "7Q4K-9XWM-2HTD-P6VC-R", "amount": 5, "basket_total": 7}
    request = rf.post(
        "/api/v1/redemptions/",
        body | ({"choices": choices} if choices else {}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {paired.token}", "Idempotency-Key": "k"},
    )
    asked = plain.read(request)
    assert asked is not None
    assert (asked.token.text, asked.token.scheme) == (paired.token, "bearer")
    assert (asked.code, asked.choices, asked.amount, asked.basket_total) == (
        body["code"],
        choices,
        5,
        7,
    )


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Basic YTpi"},
        {"Authorization": "Device"},
        {"Idempotency-Key": "two words"},
        {"Idempotency-Key": ""},
    ],
)
def test_strange_headers_are_for_the_framework(rf: Any, headers: dict[str, str]) -> None:
    usual = {"Authorization": "Device token", "Idempotency-Key": "k"}
    request = rf.post(
        "/api/v1/redemptions/",
        {"code": "x"},
        content_type="application/json",
        headers=usual | headers,
    )
    assert plain.read(request) is None


def test_a_redemption_over_http_costs_two_statements(
    client: Client, code: Code, paired: PairedDevice, django_assert_num_queries: Any, device: Device
) -> None:
    """With everything that stands before it; the third, once a minute, notes that the device was seen."""
    Device._base_manager.filter(pk=device.pk).update(last_seen_at=timezone.now())
    body = {"code": symbols(code), "choices": {"flavour": "mint"}}
    with django_assert_num_queries(2):
        assert answer(client, body, paired.token, "k")[0] == 201
