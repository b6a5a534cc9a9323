"""Charges at Stripe and what it kept of them, read into small types of our own."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from giftshop.payments.stripe.client import client, id_of, pages

CHARGE_LINES = {"charge", "payment"}  # cards, and everything else


@dataclass(frozen=True)
class Charge:
    id: str
    created: datetime
    amount: int
    currency: str
    refunded: bool
    fee: int | None


@dataclass(frozen=True)
class Fee:
    """What Stripe kept of a charge, in the currency it pays us in."""

    charge_id: str
    amount: int
    currency: str


def charges_since(since: datetime) -> Iterator[Charge]:
    """Every charge of one of our orders that succeeded since then."""
    params: Any = {
        "created": {"gte": int(since.timestamp())},
        "limit": 100,
        "expand": ["data.balance_transaction"],
    }
    for charge in pages(lambda after: client().v1.charges.list(params | after)):
        if charge.status == "succeeded" and "order_id" in charge.metadata.to_dict():
            yield Charge(
                charge.id,
                datetime.fromtimestamp(charge.created, tz=UTC),
                charge.amount,
                charge.currency.upper(),
                charge.refunded,
                getattr(charge.balance_transaction, "fee", None),
            )


def fees(*, since: datetime, charge_id: str = "") -> Iterator[Fee]:
    """What Stripe kept of each charge that was booked since then, newest first; or of this one alone.

    A hundred of them are one call. Raises StripeUnavailable, also between two of them.
    """
    params: Any = {"created": {"gte": int(since.timestamp())}, "limit": 100}
    if charge_id:
        params["source"] = charge_id
    for line in pages(lambda after: client().v1.balance_transactions.list(params | after)):
        if line.type in CHARGE_LINES:
            yield Fee(id_of(line.source), line.fee, line.currency.upper())
