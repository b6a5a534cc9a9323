"""Look first: what a code is, and whether this till may take it. Changes nothing but what is
counted, and notes when a till was first shown the code."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from redemption.models import Device, RefusedAttempt, RetiredCode, StaffMember
from redemption.redeem import guess_limit, snapshot, write
from redemption.redeem.reasons import Reason, Refusal
from redemption.redeem.rules import (
    Incomplete,
    ReplacedCode,
    UnknownCode,
    check_staff,
    refusal,
    seconds_until,
    symbols_of,
)
from redemption.redeem.snapshot import Admit, CodeSnapshot, Snapshot


class TooManyTries(Incomplete):
    """Unknown like the ones before it, of which there were too many. No good code ever meets this."""

    def __init__(self, seconds: int) -> None:
        held = seconds > guess_limit.BLOCKED_FOR.total_seconds() + 1
        reason = Reason.MANAGER_NEEDED if held else Reason.TOO_MANY_TRIES
        super().__init__(Refusal(reason, retry_after=seconds))


@dataclass(frozen=True)
class LookUp:
    code: CodeSnapshot
    refusal: Refusal | None
    """None when it may be redeemed here and now."""


def look_up(
    *,
    device: Device | str,
    text: str,
    staff: StaffMember | UUID | None = None,
    signed_in: bool = False,
    admit: Admit | None = None,
    now: datetime | None = None,
) -> LookUp:
    """One query for a good code, and one more for the first look at it; five at most. `device`, `staff`,
    `signed_in`, `admit`: as for redeem.redeem, so that both say the same of one code.

    What is refused leaves a row, what is unknown counts as a wrong try. Raises UnknownCode,
    TooManyTries, WrongField and StrangeDevice.
    """
    now = now or timezone.now()
    staff_id = staff.pk if isinstance(staff, StaffMember) else staff
    symbols = symbols_of(text)
    at_the_till = snapshot.read(
        device=device, symbols=symbols, now=now, staff_id=staff_id, admit=admit
    )
    check_staff(at_the_till, staff_id)
    code = at_the_till.code
    if code is None:
        note_unknown(at_the_till, symbols, act=RefusedAttempt.Act.LOOKUP, now=now)
        raise UnknownCode
    write.note_look(code, now=now)
    person = staff_id if signed_in else None
    no = refusal(code=code, till=at_the_till.till, person_id=person, now=now)
    if no and not write.too_many_refusals(at_the_till, now=now):
        write.refuse(at_the_till, act=RefusedAttempt.Act.LOOKUP, reason=no.reason, now=now)
    return LookUp(code, no)


def note_unknown(
    at_the_till: Snapshot, symbols: str, *, act: RefusedAttempt.Act, now: datetime
) -> None:
    """Count a wrong try and keep the attempt. Three statements, also for what cannot be a code, so that the
    time it takes tells nothing; fewer after too many tries, of which no row is kept.

    Raises TooManyTries, or ReplacedCode for symbols that a gift of the brand had once.
    """
    till, until = at_the_till.till, at_the_till.blocked_until
    if until is None or until - now <= guess_limit.BLOCKED_FOR:
        guess_limit.note_wrong_try(device_id=till.device_id, brand_id=till.brand_id, now=now)
    if until:
        raise TooManyTries(seconds_until(until, now))
    if RetiredCode.objects.matching(symbols).filter(code__brand=till.brand_id).exists():
        write.refuse(at_the_till, act=act, reason=Reason.REPLACED, now=now)
        raise ReplacedCode
    write.refuse(at_the_till, act=act, reason=Reason.UNKNOWN_CODE, now=now)
