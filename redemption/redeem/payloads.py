"""How redemption is told to a program: the JSON of the contract, in one place for pages and API."""

from typing import TYPE_CHECKING, Any

from core.problems import problem
from core.times import moment
from redemption.models import Code, Redemption, Reversal
from redemption.redeem.reasons import Reason, status_code

if TYPE_CHECKING:
    from redemption.redeem.lookup import LookUp  # whose trail tells the time as we do
    from redemption.redeem.rules import Spending


def money(amount: int, currency: str) -> dict[str, Any]:
    return {"amount": amount, "currency": currency}


def gift(code: Code) -> dict[str, Any]:
    return {
        "label": code.label,
        "kind": code.kind,
        "bearer_name": code.bearer_name,
        "balance": money(code.balance, code.currency),
        "choices": code.choices,
        **expiry(code),
    }


def expiry(code: Code) -> dict[str, Any]:
    """The moment at which it ends, and its last day on its brand's calendar: that is what people are told."""
    return {"expires_at": moment(code.expires_at), "last_day": code.last_day.isoformat()}


def use(redemption: Redemption) -> dict[str, Any]:
    """When and where a spent code was used; staff may say it to the guest."""
    return {
        "redeemed_at": moment(redemption.redeemed_at),
        "store": redemption.store.name,
        "amount": money(redemption.amount, redemption.currency),
    }


def redeemed(spending: "Spending") -> dict[str, Any]:
    code, at = spending.code, spending.redeemed_at
    return {
        "id": str(spending.id),
        "status": "redeemed",
        "redeemed": money(spending.amount, code.currency),
        "balance": money(spending.balance, code.currency),
        "extra": money(spending.extra_amount, code.currency),
        "gift": {"label": code.label, "kind": code.kind, "bearer_name": code.bearer_name},
        "choices": spending.choices,
        "redeemed_at": moment(at),
        "reversible_until": moment(at + spending.device.brand.reversal_window),
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


def refused(reason: Reason, **more: Any) -> dict[str, Any]:
    return problem(
        status=status_code(reason), reason=reason.value, detail=str(reason.label), **more
    )


def too_many_tries(reason: Reason, seconds: int) -> dict[str, Any]:
    return refused(reason, retry_after=seconds)


def look_up(found: "LookUp") -> dict[str, Any]:
    """The wrong store learns only that it is the wrong one."""
    if found.reason == Reason.WRONG_STORE:
        return {
            "status": "refused",
            "reason": found.reason.value,
            "detail": str(found.reason.label),
        }
    body = gift(found.code)
    if found.first_use:
        body["first_use"] = use(found.first_use)
    if found.reason is None:
        return {"status": "redeemable", "gift": body}
    return {
        "status": "refused",
        "reason": found.reason.value,
        "detail": str(found.reason.label),
        "gift": body,
    }
