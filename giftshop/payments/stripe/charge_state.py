"""All that became of a charge after it was paid, as Stripe has it now: refunds, disputes, warnings, a review.

Whoever made them (we, the owner in Stripe's dashboard, the payer's bank), they are read from here alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import stripe

from giftshop.payments.stripe.client import ask, client, id_of, pages
from redemption.ledger.stripe_lines import StripeLine

REFUND_KEY = "refund_id"
"""In a refund's metadata: our own id of it."""


_LINES_OF_A_REFUND = ["data.balance_transaction", "data.failure_balance_transaction"]


@dataclass(frozen=True)
class OfCharge:
    """What a refund or dispute is of; `order_id` empty where the charge is none of ours."""

    id: str
    order_id: str


@dataclass(frozen=True)
class RefundState:
    id: str
    amount: int
    currency: str
    status: str
    failure: str
    made_at: datetime
    key: str
    """Our own id; empty for one that was made elsewhere."""
    gone_at: datetime | None
    """When its money was Stripe's balance's again; None while it has not failed."""
    lines: tuple[StripeLine, ...]


@dataclass(frozen=True)
class DisputeState:
    id: str
    amount: int
    currency: str
    status: str
    reason: str
    made_at: datetime
    withdrawn_at: datetime | None
    """When the bank last took the money; None while it only asks."""
    due_by: datetime | None
    lines: tuple[StripeLine, ...]


@dataclass(frozen=True)
class WarningState:
    """An early fraud warning, or a review by Radar: nothing has happened to the money yet."""

    id: str
    made_at: datetime
    is_open: bool


@dataclass(frozen=True)
class ChargeState:
    """Each list from the oldest on."""

    id: str
    payment_intent_id: str
    order_id: str
    attempt: str
    amount: int
    refunds: tuple[RefundState, ...]
    disputes: tuple[DisputeState, ...]
    warnings: tuple[WarningState, ...]


def retrieve(charge_id: str) -> ChargeState | None:
    """None when Stripe knows no such charge. 4 calls. Raises StripeUnavailable."""
    try:
        charge = ask(lambda: client().v1.charges.retrieve(charge_id, {"expand": ["review"]}))
    except stripe.InvalidRequestError as error:
        if error.code == "resource_missing":
            return None
        raise
    metadata = charge.metadata.to_dict() if charge.metadata else {}
    return ChargeState(
        id=charge.id,
        payment_intent_id=id_of(charge.payment_intent),
        order_id=metadata.get("order_id", ""),
        attempt=metadata.get("attempt", ""),
        amount=charge.amount,
        refunds=_oldest_first(_refunds(charge_id)),
        disputes=_oldest_first(_disputes(charge_id)),
        warnings=_oldest_first(_warnings(charge_id, charge.review)),
    )


def _oldest_first(told: Iterator[Any]) -> tuple[Any, ...]:
    return tuple(sorted(told, key=lambda each: (each.made_at, each.id)))


def refunds_since(since: datetime) -> Iterator[tuple[OfCharge, RefundState]]:
    """Every refund that was made since then, of whichever charge. Raises StripeUnavailable."""
    params: Any = {"created": {"gte": int(since.timestamp())}, "limit": 100}
    params["expand"] = ["data.charge", *_LINES_OF_A_REFUND]
    for refund in pages(lambda after: client().v1.refunds.list(params | after)):
        yield _of_charge(refund.charge), _refund(refund)


def disputes_since(since: datetime) -> Iterator[tuple[OfCharge, DisputeState]]:
    """Every dispute that was opened since then, of whichever charge. Raises StripeUnavailable."""
    params: Any = {"created": {"gte": int(since.timestamp())}, "limit": 100}
    params["expand"] = ["data.charge"]
    for dispute in pages(lambda after: client().v1.disputes.list(params | after)):
        yield _of_charge(dispute.charge), _dispute(dispute)


def _of_charge(charge: Any) -> OfCharge:
    metadata = charge.metadata.to_dict() if getattr(charge, "metadata", None) else {}
    return OfCharge(id_of(charge), metadata.get("order_id", ""))


def _refunds(charge_id: str) -> Iterator[RefundState]:
    params: Any = {"charge": charge_id, "limit": 100, "expand": _LINES_OF_A_REFUND}
    for refund in pages(lambda after: client().v1.refunds.list(params | after)):
        yield _refund(refund)


def _refund(refund: Any) -> RefundState:
    metadata = refund.metadata.to_dict() if refund.metadata else {}
    back = getattr(refund, "failure_balance_transaction", None)
    return RefundState(
        id=refund.id,
        amount=refund.amount,
        currency=refund.currency.upper(),
        status=refund.status or "",
        failure=getattr(refund, "failure_reason", None) or "",
        made_at=_time(refund.created),
        key=metadata.get(REFUND_KEY, ""),
        gone_at=_time(back.created) if back else None,
        lines=tuple(_line(each) for each in (refund.balance_transaction, back) if each),
    )


def _disputes(charge_id: str) -> Iterator[DisputeState]:
    params: Any = {"charge": charge_id, "limit": 100}
    for dispute in pages(lambda after: client().v1.disputes.list(params | after)):
        yield _dispute(dispute)


def _dispute(dispute: Any) -> DisputeState:
    due_by = dispute.evidence_details.due_by
    taken = [line.created for line in dispute.balance_transactions if line.amount < 0]
    return DisputeState(
        id=dispute.id,
        amount=dispute.amount,
        currency=dispute.currency.upper(),
        status=dispute.status,
        reason=dispute.reason,
        made_at=_time(dispute.created),
        withdrawn_at=_time(max(taken)) if taken else None,
        due_by=_time(due_by) if due_by else None,
        lines=tuple(_line(each) for each in dispute.balance_transactions),
    )


def _warnings(charge_id: str, review: Any) -> Iterator[WarningState]:
    params: Any = {"charge": charge_id, "limit": 100}
    for warning in pages(lambda after: client().v1.radar.early_fraud_warnings.list(params | after)):
        yield WarningState(warning.id, _time(warning.created), warning.actionable)
    if review:
        yield WarningState(review.id, _time(review.created), review.open)


def _line(line: Any) -> StripeLine:
    return StripeLine(line.id, line.amount, line.fee, line.currency.upper())


def _time(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, tz=UTC)
