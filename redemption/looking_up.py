"""Look first: what a code is, and whether this till may take it. Changes nothing."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django_scopes import scope

from redemption import code_format
from redemption.models import Code, Device, Redemption
from redemption.reasons import Reason


class UnknownCode(Exception):
    """No such code for this device: mistyped, never issued, or another brand's. All look the same."""


@dataclass(frozen=True)
class LookUp:
    code: Code
    reason: Reason | None
    """None when it may be redeemed here and now."""
    first_use: Redemption | None
    """With its store; only for a code that is spent."""


def look_up(*, device: Device, text: str, now: datetime | None = None) -> LookUp:
    """At most 2 queries. Raises UnknownCode."""
    now = now or timezone.now()
    symbols = read(text)
    with scope(brand=device.brand):
        code = Code.objects.matching(symbols).first()
        if code is None:
            raise UnknownCode
        reason = refusal(code=code, device=device, now=now)
        return LookUp(code, reason, first_use(code) if reason == Reason.ALREADY_REDEEMED else None)


def read(text: str) -> str:
    """The 17 symbols of what was typed or scanned. Raises UnknownCode."""
    try:
        return code_format.normalise(text)
    except code_format.MalformedCode:
        raise UnknownCode from None


_BY_STATE = {
    Code.State.REDEEMED: Reason.ALREADY_REDEEMED,
    Code.State.FROZEN: Reason.FROZEN,
    Code.State.VOIDED: Reason.VOIDED,
    Code.State.EXPIRED: Reason.EXPIRED,
}


def refusal(*, code: Code, device: Device, now: datetime) -> Reason | None:
    """The rules that a code must pass wherever it is asked about. The wrong store learns only that."""
    if not code.is_good_at(device.store):
        return Reason.WRONG_STORE
    if code.state != Code.State.ACTIVE:
        return _BY_STATE[Code.State(code.state)]
    if now < code.valid_from:
        return Reason.NOT_YET_VALID
    if now >= code.expires_at:
        return Reason.EXPIRED
    return None


def first_use(code: Code) -> Redemption | None:
    """The first redemption that stands, with its store. Expects the brand's scope."""
    return (
        Redemption.objects.standing()
        .filter(code=code)
        .select_related("store")
        .order_by("redeemed_at")
        .first()
    )
