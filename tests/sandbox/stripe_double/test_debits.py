"""A bank debit, and a payment page closed by hand, by the admin API and its page."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.stripe_double import StripeDouble

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

    admin(f"/sessions/{session.id}/debit", {"outcome": outcome})
    found = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert (found.payment_intent.status, found.payment_status) == (status, paid)
    told = "succeeded" if outcome == "arrives" else "failed"
    assert f"checkout.session.async_payment_{told}" in types(client)
    assert bool(found.payment_intent.latest_charge) == (outcome == "arrives")


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
