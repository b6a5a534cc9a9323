"""A bank debit, and a payment page closed by hand, by the admin API and its page."""

from collections.abc import Callable
from typing import Any

import pytest
import stripe

from sandbox.stripe_double import StripeDouble, buyer

Make = Callable[..., Any]


def types(client: Any) -> set[str]:
    return {event.type for event in client.v1.events.list({"limit": 100}).data}


@pytest.mark.parametrize(
    ("outcome", "status", "paid"),
    [("arrives", "succeeded", "paid"), ("fails", "requires_payment_method", "unpaid")],
)
def test_a_debit_is_under_way_and_then_over(
    double: StripeDouble,
    client: Any,
    order: Make,
    admin: Make,
    outcome: str,
    status: str,
    paid: str,
) -> None:
    session = client.v1.checkout.sessions.create(order())
    admin(f"/sessions/{session.id}/debit", {})
    found = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert (found.status, found.payment_status, found.url) == ("complete", "unpaid", None)
    assert found.payment_intent.status == "processing"

    charge = client.v1.charges.retrieve(found.payment_intent.latest_charge)
    assert (charge.status, charge.payment_method_details.type) == ("pending", "us_bank_account")
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.refunds.create({"charge": charge.id})

    admin(f"/sessions/{session.id}/debit", {"outcome": outcome})
    expand = {"expand": ["payment_intent.latest_charge.balance_transaction"]}
    found = client.v1.checkout.sessions.retrieve(session.id, expand)
    charge = found.payment_intent.latest_charge
    assert (found.payment_intent.status, found.payment_status) == (status, paid)
    told = "succeeded" if outcome == "arrives" else "failed"
    assert types(client) >= {
        "payment_intent.processing",
        "charge.pending",
        f"charge.{told}",
        f"checkout.session.async_payment_{told}",
    }
    assert charge.status == told
    line = charge.balance_transaction
    assert line is None if outcome == "fails" else (line.type, line.net) == ("payment", 1232)


def test_a_debit_is_given_back_as_a_payment(double: StripeDouble, client: Any, order: Make) -> None:
    eur = {"currency": "eur", "unit_amount": 900, "product_data": {"name": "Tea"}}
    session = client.v1.checkout.sessions.create(
        order(line_items=[{"price_data": eur, "quantity": 1}])
    )
    double.debit(session.id)
    double.debit(session.id, arrives=True)

    refund = double.dashboard.refund(session.id)
    dispute = double.issuer.dispute(session.id, reason="general")

    line = client.v1.balance_transactions.retrieve(refund["balance_transaction"])
    assert (line.type, line.reporting_category, line.net) == ("payment_refund", "refund", -900)
    charge = client.v1.charges.retrieve(refund["charge"])
    assert charge.payment_method_details.type == "sepa_debit"
    assert (dispute["charge"], dispute["payment_method_details"]) == (charge.id, None)
    assert "a bank account ending 3000" in buyer.look(charge.receipt_url).page


def test_a_debit_begins_and_ends_once(
    double: StripeDouble, client: Any, order: Make, admin: Make
) -> None:
    session = client.v1.checkout.sessions.create(order())
    for path, given, right in [
        ("debit", {"outcome": "fails"}, 400),
        ("debit", {"outcome": "perhaps"}, 400),
        ("debit", {}, 200),
        ("debit", {}, 400),
        ("expire", {}, 400),
        ("debit", {"outcome": "arrives"}, 200),
        ("debit", {"outcome": "arrives"}, 400),
    ]:
        status, _ = admin(f"/sessions/{session.id}/{path}", given)
        assert status == right, (path, given)


def test_a_page_closed_by_hand_can_be_paid_no_more(
    double: StripeDouble, client: Any, order: Make, admin: Make
) -> None:
    session = client.v1.checkout.sessions.create(order())
    admin(f"/sessions/{session.id}/expire", {})
    assert client.v1.checkout.sessions.retrieve(session.id).status == "expired"
    assert double.pay(session.id) == "expired"
    assert "checkout.session.expired" in types(client)
