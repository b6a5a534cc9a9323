"""Early fraud warnings and reviews, and what ends them."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.stripe_double import StripeDouble

Make = Callable[..., Any]


def types(client: Any, wanted: str) -> list[str]:
    return [event.type for event in client.v1.events.list({"type": wanted}).data][::-1]


def test_a_warning_is_actionable_until_all_is_given_back(
    double: StripeDouble, client: Any, paid: Make
) -> None:
    intent = paid("4000000000005423")
    (warning,) = client.v1.radar.early_fraud_warnings.list({"charge": intent.latest_charge}).data

    def is_actionable() -> bool:
        return bool(client.v1.radar.early_fraud_warnings.retrieve(warning.id).actionable)

    double.dashboard.refund(intent.id, amount=300)
    assert is_actionable()
    rest = double.dashboard.refund(intent.id)
    assert not is_actionable()
    double.issuer.fail_refund(rest["id"])
    assert is_actionable()
    double.issuer.dispute(intent.id)
    assert not is_actionable()

    updated = "radar.early_fraud_warning.updated"
    created = "radar.early_fraud_warning.created"
    assert types(client, "radar.*") == [created, *[updated] * 3]
    assert not double.issuer.warn(intent.id)["actionable"]


@pytest.mark.parametrize(
    ("ends", "reason"),
    [
        ("approve", "approved"),
        ("refund", "refunded"),
        ("fraud", "refunded_as_fraud"),
        ("dispute", "disputed"),
    ],
)
def test_a_review_is_opened_and_closed(
    double: StripeDouble, client: Any, paid: Make, ends: str, reason: str
) -> None:
    intent = paid("4000000000009235")
    charge = client.v1.charges.retrieve(intent.latest_charge, {"expand": ["review"]})
    assert (charge.review.open, charge.review.payment_intent) == (True, intent.id)
    assert charge.outcome.type == "manual_review"
    with pytest.raises(Exception, match="review already"):
        double.dashboard.review(intent.id)

    if ends == "approve":
        client.v1.reviews.approve(charge.review.id)
    elif ends == "dispute":
        double.issuer.dispute(intent.id)
    else:
        why = "fraudulent" if ends == "fraud" else None
        double.dashboard.refund(intent.id, reason=why)

    found = client.v1.reviews.retrieve(charge.review.id)
    assert (found.open, found.closed_reason, found.reason) == (False, reason, reason)
    assert client.v1.payment_intents.retrieve(intent.id).review is None
    assert types(client, "review.*") == ["review.opened", "review.closed"]
    with pytest.raises(Exception, match="already closed"):
        double.dashboard.approve_review(charge.review.id)
