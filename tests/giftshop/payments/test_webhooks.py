"""The inbox: verified, stored once, worked off in any order."""

import itertools
import json
import random
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from giftshop.orders.models import Order
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
    assert json.loads(row.payload) == event


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
