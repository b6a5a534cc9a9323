"""How redemption is told to a program: the JSON of the contract, and what an answer that was kept says."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from core.problems import problem
from core.times import moment
from redemption.models import Code, Reversal
from redemption.redeem.lookup import LookUp
from redemption.redeem.reasons import FirstUse, Reason, Refusal, status_code
from redemption.redeem.rules import Redeemed
from redemption.redeem.snapshot import CodeSnapshot


def money(amount: int, currency: str) -> dict[str, Any]:
    return {"amount": amount, "currency": currency}


def gift(code: CodeSnapshot) -> dict[str, Any]:
    return {
        "label": code.label,
        "kind": code.kind,
        "recipient_name": code.recipient_name,
        "balance": money(code.balance, code.currency),
        "choices": code.choices,
        **expiry(code.expires_at, code.last_day),
    }


def expiry(at: datetime, last_day: date) -> dict[str, Any]:
    """The moment at which it ends, and its last day on its brand's calendar: that is what people are told."""
    return {"expires_at": moment(at), "last_day": last_day.isoformat()}


def use(first: FirstUse) -> dict[str, Any]:
    return {
        "redeemed_at": moment(first.at),
        "store": first.store,
        "amount": money(first.amount, first.currency),
    }


def redeemed(done: Redeemed) -> dict[str, Any]:
    return {
        "id": str(done.id),
        "status": "redeemed",
        "redeemed": money(done.amount, done.currency),
        "balance": money(done.balance, done.currency),
        "extra": money(done.extra, done.currency),
        "gift": {"label": done.label, "kind": done.kind, "recipient_name": done.recipient_name},
        "choices": done.choices,
        "redeemed_at": moment(done.redeemed_at),
        "reversible_until": moment(done.reversible_until),
    }


def reversed_(reversal: Reversal, code: Code) -> dict[str, Any]:
    return {
        "id": str(reversal.pk),
        "redemption": str(reversal.redemption_id),
        "status": "reversed",
        "reason": reversal.reason,
        "balance": money(code.balance, code.currency),
        "reversed_at": moment(reversal.reversed_at),
    }


def refused(refusal: Refusal) -> dict[str, Any]:
    """An error's body, with what is true of its reason."""
    reason = refusal.reason
    return problem(
        status=status_code(reason),
        reason=reason.value,
        detail=str(reason.label),
        **_facts(refusal),
    )


def look_up(found: LookUp) -> dict[str, Any]:
    """The wrong store learns only that it is the wrong one."""
    refusal = found.refusal
    if refusal is None:
        return {"status": "redeemable", "gift": gift(found.code)}
    why = {
        "status": "refused",
        "reason": refusal.reason.value,
        "detail": str(refusal.reason.label),
    }
    if refusal.reason == Reason.WRONG_STORE:
        return why
    return {**why, "gift": {**gift(found.code), **_facts(refusal)}}


def _facts(refusal: Refusal) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    if refusal.first_use:
        facts["first_use"] = use(refusal.first_use)
    if refusal.expires_at and refusal.last_day:
        facts |= expiry(refusal.expires_at, refusal.last_day)
    if refusal.valid_from:
        facts["valid_from"] = moment(refusal.valid_from)
    if refusal.balance is not None:
        facts["balance"] = money(refusal.balance, refusal.currency)
    if refusal.choices:
        facts["choices"] = refusal.choices
    if refusal.choice:
        facts["detail_of"] = refusal.choice
    if refusal.problem:
        facts["problem"] = refusal.problem
    if refusal.retry_after is not None:
        facts["retry_after"] = refusal.retry_after
    return facts


def outcome(body: dict[str, Any]) -> Redeemed | Refusal:
    """What an answer that was kept says: the way back from `redeemed` and `refused`, to the second as it
    was told. For a page that repeats it in words: nowhere else are the balance and the picks of that
    moment kept. Of refusals the settled ones alone, for no other is ever kept."""
    if "reason" in body:
        return _refusal(body)
    gift = body["gift"]
    return Redeemed(
        id=UUID(body["id"]),
        label=gift["label"],
        kind=gift["kind"],
        recipient_name=gift["recipient_name"],
        amount=body["redeemed"]["amount"],
        balance=body["balance"]["amount"],
        extra=body["extra"]["amount"],
        currency=body["redeemed"]["currency"],
        choices=body["choices"],
        redeemed_at=datetime.fromisoformat(body["redeemed_at"]),
        reversible_until=datetime.fromisoformat(body["reversible_until"]),
    )


def _refusal(body: dict[str, Any]) -> Refusal:
    refusal = Refusal(Reason(body["reason"]))
    if "first_use" in body:
        use = body["first_use"]
        at, amount = datetime.fromisoformat(use["redeemed_at"]), use["amount"]
        first = FirstUse(at, use["store"], amount["amount"], amount["currency"])
        refusal = refusal._replace(first_use=first)
    if "expires_at" in body:
        ended = datetime.fromisoformat(body["expires_at"])
        refusal = refusal._replace(expires_at=ended, last_day=date.fromisoformat(body["last_day"]))
    if "valid_from" in body:
        refusal = refusal._replace(valid_from=datetime.fromisoformat(body["valid_from"]))
    if "balance" in body:
        left = body["balance"]
        refusal = refusal._replace(balance=left["amount"], currency=left["currency"])
    return refusal
