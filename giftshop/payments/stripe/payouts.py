"""Payouts at Stripe: what went to the account's bank, and of which lines of the balance it is made."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import stripe

from giftshop.payments.stripe.client import ask, client, id_of, pages

GONE = {"failed", "canceled"}
OF_ITSELF = {"payout"}
"""The type of the line that takes the payout from the balance."""


@dataclass(frozen=True)
class PayoutLine:
    """Minor units of `currency`, less Stripe's fee. `source`: id of the charge, refund, dispute or payout."""

    source: str
    net: int
    currency: str


@dataclass(frozen=True)
class PayoutState:
    """Minor units. `lines` is empty until Stripe has put it together, and for one that was made by hand."""

    id: str
    amount: int
    currency: str
    status: str
    is_automatic: bool
    lines: tuple[PayoutLine, ...]

    @property
    def is_gone(self) -> bool:
        """The bank sent it back, or it never left: it is in the balance again."""
        return self.status in GONE


def retrieve(payout_id: str) -> PayoutState | None:
    """None when Stripe knows no such payout. 1 call and one for each hundred lines. Raises
    StripeUnavailable."""
    try:
        payout = ask(lambda: client().v1.payouts.retrieve(payout_id))
    except stripe.InvalidRequestError as error:
        if error.code == "resource_missing":
            return None
        raise
    return _state(payout)


def since(at: datetime) -> Iterator[PayoutState]:
    """Every payout that was made since then. Raises StripeUnavailable."""
    params: Any = {"created": {"gte": int(at.timestamp())}, "limit": 100}
    for payout in pages(lambda after: client().v1.payouts.list(params | after)):
        yield _state(payout)


def _state(payout: Any) -> PayoutState:
    return PayoutState(
        id=payout.id,
        amount=payout.amount,
        currency=payout.currency.upper(),
        status=payout.status,
        is_automatic=payout.automatic,
        lines=tuple(_lines(payout.id)) if payout.automatic else (),
    )


def _lines(payout_id: str) -> Iterator[PayoutLine]:
    params: Any = {"payout": payout_id, "limit": 100}
    for line in pages(lambda after: client().v1.balance_transactions.list(params | after)):
        if line.type not in OF_ITSELF:
            yield PayoutLine(id_of(line.source), line.net, line.currency.upper())
