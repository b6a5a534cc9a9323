"""Money given back from outside the shop, for want of funds, and what it does to the balance."""

from collections.abc import Callable
from typing import Any

import pytest
import stripe

from sandbox.stripe_double import StripeDouble
from sandbox.stripe_double.objects.refunds import FAILURES
from sandbox.stripe_double.objects.totals import Total

Make = Callable[..., Any]


def test_the_balance_may_not_cover_a_refund(double: StripeDouble, client: Any, paid: Make) -> None:
    intent = paid()
    double.faults(refunds="refused_for_funds")
    with pytest.raises(stripe.InvalidRequestError, match="Insufficient funds") as refusal:
        client.v1.refunds.create({"payment_intent": intent.id})
    assert refusal.value.code is None
    assert refusal.value.json_body["error"]["message_code"] == "insufficient_balance_for_refund"

    double.faults(refunds="pending_for_funds")
    refund = client.v1.refunds.create({"payment_intent": intent.id})
    assert (refund.status, refund.pending_reason) == ("pending", "insufficient_funds")

    double.issuer.succeed_refund(refund.id)
    after = client.v1.refunds.retrieve(refund.id)
    (told,) = client.v1.events.list({"type": "refund.updated"}).data
    assert (after.status, getattr(after, "pending_reason", None)) == ("succeeded", None)
    assert told.data.previous_attributes.to_dict() == {
        "status": "pending",
        "pending_reason": "insufficient_funds",
    }


@pytest.mark.parametrize("reason", FAILURES)
def test_a_refund_fails_though_it_had_succeeded(
    double: StripeDouble, client: Any, paid: Make, reason: str
) -> None:
    refund = double.dashboard.refund(paid().id, amount=300, metadata={"why": "late"})

    double.issuer.fail_refund(refund["id"], reason)

    after = client.v1.refunds.retrieve(refund["id"], {"expand": ["failure_balance_transaction"]})
    assert (refund["status"], after.status, after.failure_reason) == ("succeeded", "failed", reason)
    line = after.failure_balance_transaction
    assert (line.amount, line.fee, line.type) == (300, 0, "refund_failure")
    with pytest.raises(Exception, match="cannot fail"):
        double.issuer.fail_refund(refund["id"], reason)


def test_a_part_is_typed_into_the_page(client: Any, paid: Make, admin: Make) -> None:
    charge = paid().latest_charge

    wrong = [
        admin("/refunds", {"charge": charge, "part": each}) for each in ("x", "0.001", "99.99", "0")
    ]
    _, refund = admin("/refunds", {"charge": charge, "part": "1.25"})

    assert [status for status, _ in wrong] == [400] * 4
    assert refund["amount"] == 125


def test_what_some_orders_did_to_the_balance(double: StripeDouble, client: Any, paid: Make) -> None:
    def pay(order: str, currency: str = "usd") -> Any:
        price = {"currency": currency, "unit_amount": 1300, "product_data": {"name": "Tea"}}
        return paid(
            line_items=[{"price_data": price, "quantity": 1}],
            payment_intent_data={"metadata": {"order_id": order}},
        )

    pay("1")
    refunded, disputed, _ = pay("2"), pay("3"), pay("4", "eur")
    double.dashboard.refund(refunded.id, amount=300)
    double.issuer.fail_refund(double.dashboard.refund(refunded.id)["id"])
    double.issuer.dispute(disputed.id)
    double.dashboard.pay_out()

    assert double.totals("order_id", ["2"]) == {"usd": Total(1000, 68, 932)}
    assert double.totals("order_id", ["3"])["usd"].net == -68 - 1500
    assert double.totals("order_id", [1, 2, 3, 4]) == {
        "usd": Total(2300, 3 * 68 + 1500, 2300 - 3 * 68 - 1500),
        "eur": Total(1300, 68, 1232),
    }
    assert double.totals("order_id", ["5"]) == {}


def test_the_clock_stands_still_until_it_is_moved(
    start: Make, client_of: Make, order: Make
) -> None:
    double = start(now=1_900_000_000)
    client = client_of(double)
    first = client.v1.checkout.sessions.create(order())

    double.advance(60)

    second = client.v1.checkout.sessions.create(order())
    assert (first.created, second.created) == (1_900_000_000, 1_900_000_060)
