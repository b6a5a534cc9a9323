"""The inbox: verified, stored once, worked off in any order."""

import itertools
import json
import random
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from giftshop.orders.models import Order
from giftshop.payments import event_watermark
from giftshop.payments.models import Payment, StripeEvent
from redemption.models import Code, Posting
from sandbox.stripe_double import StripeDouble
from tests.giftshop.payments.conftest import Tell, events, work_off


@pytest.fixture
def paid(double: StripeDouble, opened: Payment) -> list[dict[str, Any]]:
    """The events of an order that was paid, none of them heard yet."""
    double.pay(str(opened.session_id))
    return list(events(double))


def completed(paid: list[dict[str, Any]]) -> dict[str, Any]:
    return next(e for e in paid if e["type"] == "checkout.session.completed")


def test_an_event_is_stored_before_anything_is_done(tell: Tell, paid: list[dict[str, Any]]) -> None:
    event = completed(paid)
    answer = tell(event)
    assert answer.status_code == 200
    row = StripeEvent.objects.get()
    assert (row.event_id, row.processed_at) == (event["id"], None)
    kept = json.loads(row.payload)
    assert kept["data"]["object"]["client_reference_id"] == str(Order._base_manager.get().pk)
    assert is_part_of(kept, event)


def is_part_of(kept: Any, told: Any) -> bool:
    """Nothing is changed, only left out."""
    if not isinstance(kept, dict):
        return bool(kept == told)
    return all(is_part_of(value, told[name]) for name, value in kept.items())


PAYER = {
    "name": "Amy Quillon-Payer",
    "email": "amy.payer@senders.example",
    "phone": "+12065550199",
    "address": {"line1": "17 Payer Street", "city": "Seattle", "postal_code": "98101"},
    "tax_ids": [{"type": "us_ein", "value": "12-3456789"}],
}


def test_nothing_of_the_payer_is_kept(tell: Tell, paid: list[dict[str, Any]]) -> None:
    """However an account is set up, Stripe's session names whoever paid, in many places."""
    event = completed(paid)
    event["data"]["object"] |= {
        "customer_details": PAYER,
        "customer_email": PAYER["email"],
        "client_reference_id": PAYER["email"],
        "payment_intent": {"id": "pi_1", "shipping": PAYER},
        "shipping_details": PAYER,
        "collected_information": {"shipping_details": PAYER},
        "custom_fields": [{"key": "nickname", "text": {"value": PAYER["name"]}}],
        "metadata": {"note": PAYER["phone"]},
        "status": PAYER["name"],
        "url": "https://checkout.stripe.com/c/pay/cs_test_1#secret",
        "success_url": PAYER["name"],
    }
    event["data"]["previous_attributes"] = {"customer_details": PAYER}
    event["request"] = {"id": PAYER["email"], "idempotency_key": PAYER["phone"]}
    assert tell(event).status_code == 200
    text = StripeEvent.objects.get().payload
    words = ["Quillon", "payer", "2065550199", "17 Payer", "Seattle", "98101", "3456789", "#secret"]
    assert all(word in json.dumps(event) for word in words)
    assert [word for word in words if word.lower() in text.lower()] == []


def test_the_events_that_we_list_ourselves_are_kept_alike(
    paid: list[dict[str, Any]], tell: Tell
) -> None:
    event_watermark.list_missed(now=timezone.now())
    listed = StripeEvent.objects.get()
    StripeEvent.objects.all().delete()
    tell(completed(paid))
    assert StripeEvent.objects.get().payload == listed.payload
    assert "amy@senders.example" not in listed.payload
    assert "amy@senders.example" in json.dumps(completed(paid))


def test_only_what_we_act_on_is_kept(tell: Tell, paid: list[dict[str, Any]]) -> None:
    for event in paid:
        assert tell(event).status_code == 200
    assert [row.type for row in StripeEvent.objects.all()] == ["checkout.session.completed"]


def test_an_event_of_the_other_mode_is_left_aside(
    tell: Tell, paid: list[dict[str, Any]], caplog: pytest.LogCaptureFixture
) -> None:
    assert tell(completed(paid) | {"livemode": True}).status_code == 200
    assert not StripeEvent.objects.exists()
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


def test_a_repeated_event_is_one_row(tell: Tell, paid: list[dict[str, Any]]) -> None:
    for _ in range(3):
        assert tell(completed(paid)).status_code == 200
    assert StripeEvent.objects.count() == 1


@pytest.mark.parametrize("trouble", [{"secret": "whsec_forged"}, {"age": 301}, {"age": -305}])
def test_forged_and_stale_requests_are_refused(
    tell: Tell, paid: list[dict[str, Any]], trouble: dict[str, Any]
) -> None:
    assert tell(completed(paid), **trouble).status_code == 400
    assert not StripeEvent.objects.exists()


@pytest.mark.parametrize(
    "signature",
    ["", "t=1,v1=00", "nonsense", f"t={'9' * 5000},v1=00", "t=1,v1=\xe9", "t=1" + ",v1=0" * 900],
)
def test_a_request_without_a_signature_is_refused(
    client: Client, double: StripeDouble, signature: str
) -> None:
    answer = client.post(
        "/webhooks/stripe/",
        "{}",
        content_type="application/json",
        headers={"Stripe-Signature": signature},
    )
    assert answer.status_code == 400


def test_two_secrets_work_while_one_is_rolled(
    tell: Tell, paid: list[dict[str, Any]], settings: Any
) -> None:
    settings.STRIPE_WEBHOOK_SECRETS = ["whsec_new", "whsec_old"]
    assert tell(completed(paid), secret="whsec_old").status_code == 200


def test_every_order_of_events_issues_once(
    tell: Tell, paid: list[dict[str, Any]], order: Order
) -> None:
    """All orders of the events that matter, the first half told twice."""
    telling = [
        e
        for e in paid
        if e["type"]
        in {
            "checkout.session.completed",
            "charge.updated",
            "charge.succeeded",
            "payment_intent.succeeded",
        }
    ]
    assert len(telling) == 4
    for permutation in itertools.permutations(telling):
        StripeEvent.objects.all().delete()
        for event in (*permutation, *permutation[:2]):
            tell(event)
            work_off()
    order.refresh_from_db()
    assert order.state == Order.State.PAID
    assert Code.objects.count() == 2
    assert Posting.objects.filter(account="stripe_fees").count() == 1


def test_shuffled_and_repeated_events_meet_the_success_page(
    client: Client, tell: Tell, paid: list[dict[str, Any]], opened: Payment, order: Order
) -> None:
    shuffle = random.Random(20261121)
    told = paid * 3
    shuffle.shuffle(told)
    for n, event in enumerate(told):
        tell(event)
        if n % 5 == 0:
            client.get("/payments/return/", {"session_id": opened.session_id})
        work_off()
    assert Code.objects.count() == 2
    assert StripeEvent.objects.exists()
    assert not StripeEvent.objects.pending().exists()


def test_another_orders_session_pays_only_its_own(
    client: Client, double: StripeDouble, opened: Payment, order: Order, place: Any
) -> None:
    other = place()
    double.pay(str(opened.session_id))
    client.get("/payments/return/", {"session_id": opened.session_id})
    with scope(brand=order.brand):
        other.refresh_from_db()
    assert other.state == Order.State.PENDING
