"""Look first: what a code is, and whether this till may take it. Changes nothing but what is counted."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django_scopes import scope

from redemption.models import Code, Device, Redemption, RefusedAttempt, StaffMember
from redemption.redeem import guess_limit, snapshot, write
from redemption.redeem.reasons import Reason
from redemption.redeem.rules import UnknownCode, first_use, refusal, seconds_until, symbols_of
from redemption.redeem.snapshot import Admit, Snapshot


class TooManyTries(Exception):
    """Unknown like the ones before it, of which there were too many. No good code ever meets this."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds
        held = seconds > guess_limit.BLOCKED_FOR.total_seconds() + 1
        self.reason = Reason.MANAGER_NEEDED if held else Reason.TOO_MANY_TRIES


@dataclass(frozen=True)
class LookUp:
    device: Device
    code: Code
    reason: Reason | None
    """None when it may be redeemed here and now."""
    first_use: Redemption | None
    """With its store; only for a code that is spent."""


def look_up(
    *,
    device: Device | str,
    text: str,
    staff: StaffMember | None = None,
    admit: Admit | None = None,
    now: datetime | None = None,
) -> LookUp:
    """One query for a good code, four at most. `device`: or its token. `staff`: who signed in there
    with their PIN.

    What is refused leaves a row, what is unknown counts as a wrong try. Raises UnknownCode,
    TooManyTries and StrangeDevice.
    """
    now = now or timezone.now()
    symbols = symbols_of(text)
    at_the_till = snapshot.read(
        device=device,
        symbols=symbols,
        now=now,
        staff_id=staff.pk if staff else None,
        admit=admit,
    )
    code = at_the_till.code
    if code is None:
        note_unknown(at_the_till, act=RefusedAttempt.Act.LOOKUP, now=now)
        raise UnknownCode
    person = staff.pk if staff else None
    reason = refusal(code=code, device=at_the_till.device, person_id=person, now=now)
    if reason is None:
        return LookUp(at_the_till.device, code, None, None)
    if not write.too_many_refusals(at_the_till, now=now):
        write.refuse(at_the_till, act=RefusedAttempt.Act.LOOKUP, reason=reason.value, now=now)
    with scope(brand=code.brand):
        used = first_use(code) if reason == Reason.ALREADY_REDEEMED else None
    return LookUp(at_the_till.device, code, reason, used)


def note_unknown(at_the_till: Snapshot, *, act: RefusedAttempt.Act, now: datetime) -> None:
    """Count a wrong try and keep the attempt. Two statements; fewer after too many, of which no row is kept.

    Raises TooManyTries.
    """
    device, until = at_the_till.device, at_the_till.blocked_until
    if until is None or until - now <= guess_limit.BLOCKED_FOR:
        guess_limit.note_wrong_try(device=device, brand_id=device.brand_id, now=now)
    if until:
        raise TooManyTries(seconds_until(until, now))
    write.refuse(at_the_till, act=act, reason=Reason.UNKNOWN_CODE.value, now=now)
