"""Signed, and still not to be trusted: what holds the secret may be broken, and a secret may leak."""

import json
import logging
import time
from typing import Any

import pytest
import stripe
from django.test import Client

from giftshop.payments.models import StripeEvent
from giftshop.payments.views import EVENT_BYTES_MAX
from sandbox.stripe_double import StripeDouble
from tests.giftshop.payments.conftest import SECRET, work_off

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("double")]

SECRET_WORD = "payer@example.com"
GOOD: dict[str, Any] = {
    "id": "evt_1",
    "object": "event",
    "type": "checkout.session.completed",
    "livemode": False,
    "data": {"object": {"id": "cs_test_1", "customer_email": SECRET_WORD}},
}


def changed(**fields: Any) -> bytes:
    return json.dumps(GOOD | fields).encode()


def without(name: str) -> bytes:
    return json.dumps({key: value for key, value in GOOD.items() if key != name}).encode()


MALFORMED = {
    "no id": without("id"),
    "an id that is a number": changed(id=7),
    "an id that is a list": changed(id=["evt_1"]),
    "an id that is too long": changed(id="e" * 256),
    "an empty id": changed(id=""),
    "a NUL in the id": changed(id="evt_\x00"),
    "half a character in the id": changed(id="evt_\ud800"),
    "no type": without("type"),
    "a type that is a number": changed(type=7),
    "a type that is too long": changed(type="t" * 121),
    "a NUL in the type": changed(type="checkout\x00"),
    "no livemode": without("livemode"),
    "livemode as text": changed(livemode="false"),
    "no data": without("data"),
    "data that is a list": changed(data=[]),
    "no object in it": changed(data={}),
    "an object that is a list": changed(data={"object": []}),
    "an object whose id is a number": changed(data={"object": {"id": 1}}),
    "an object whose id is nothing": changed(data={"object": {"id": 0}}),
    "an object whose id is empty": changed(data={"object": {"id": ""}}),
    "an object whose id is too long": changed(data={"object": {"id": "c" * 256}}),
    "a NUL in the object's id": changed(data={"object": {"id": "cs\x00"}}),
    "another object": changed(object="v2.core.event"),
    "a list": b"[]",
    "a number": b"7",
    "a word": b'"evt_1"',
    "nothing": b"",
    "half of it": changed()[:40],
    "a huge number": b'{"id": ' + b"9" * 5000 + b"}",
    "a NUL byte": changed().replace(b"evt_1", b"evt_\x00"),
    "text that is no UTF-8": changed().replace(b"evt_1", b"evt_\xff"),
    "deep nesting": b"[" * 100_000,
    "deep nesting in the data": changed().replace(b'"cs_test_1"', b'{"a":' * 50_000),
}


def send(client: Client, body: bytes, **headers: str) -> int:
    """Signed as Stripe signs, whatever the bytes are."""
    at = int(time.time())
    signature = stripe.WebhookSignature.generate_signature_header(
        body.decode("utf-8", "replace"), SECRET, at
    )
    answer = client.generic(
        "POST",
        "/webhooks/stripe/",
        body,
        content_type="application/json",
        headers={"Stripe-Signature": signature, **headers},
    )
    return answer.status_code


def test_the_well_formed_one_is_taken(client: Client) -> None:
    """The control: the inputs below are refused for what is wrong with them."""
    assert send(client, changed()) == 200
    assert StripeEvent.objects.count() == 1


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED.keys())
def test_what_is_no_event_is_refused_in_a_line_without_its_payload(
    client: Client, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    assert send(client, body) == 400
    assert not StripeEvent.objects.exists()
    [record] = [each for each in caplog.records if each.name == "giftshop.payments.views"]
    assert record.levelno == logging.WARNING
    assert record.exc_info is None
    assert SECRET_WORD not in caplog.text
    assert "evt_" not in caplog.text


def test_an_object_without_an_id_is_left_aside(client: Client) -> None:
    """Some have none, a balance for instance; a session always has one."""
    assert send(client, changed(data={"object": {}})) == 200
    assert not StripeEvent.objects.exists()


def test_a_session_of_another_product_leaves_no_trace(
    client: Client, double: StripeDouble, caplog: pytest.LogCaptureFixture, calls: list[str]
) -> None:
    """Whatever that product writes where we write an order's id."""

    for number, reference in enumerate([None, "", "order-42", 7, ["x"], "\x00", "9" * 400]):
        subject = {"id": f"cs_other_{number}", "client_reference_id": reference}
        assert send(client, changed(id=f"evt_{number}", data={"object": subject})) == 200
    assert work_off() == 7
    assert not StripeEvent.objects.pending().exists()
    assert calls == []
    assert [each for each in caplog.records if each.levelno > logging.INFO] == []


def test_a_body_is_not_read_beyond_its_size(client: Client) -> None:
    assert send(client, b" " * (EVENT_BYTES_MAX + 1)) == 413
