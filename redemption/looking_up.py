"""Look first: what a code is, and whether this till may take it. Changes nothing but what is counted."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django_scopes import scope

from redemption import code_format, code_links, guessing, recording, situation
from redemption.models import Code, Device, Redemption, RefusedAttempt, StaffMember
from redemption.reasons import Reason
from redemption.second_person import may_hand_over
from redemption.situation import Admit, Situation


class UnknownCode(Exception):
    """No such code for this device: mistyped, never issued, or another brand's. All look the same."""


class TooManyTries(Exception):
    """Unknown like the ones before it, of which there were too many. No good code ever meets this."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds
        held = seconds > guessing.BLOCKED_FOR.total_seconds() + 1
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
    at_the_till = situation.read(
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
    if not recording.too_many_refusals(at_the_till, now=now):
        recording.refuse(at_the_till, act=RefusedAttempt.Act.LOOKUP, reason=reason.value, now=now)
    with scope(brand=code.brand):
        used = first_use(code) if reason == Reason.ALREADY_REDEEMED else None
    return LookUp(at_the_till.device, code, reason, used)


def note_unknown(at_the_till: Situation, *, act: RefusedAttempt.Act, now: datetime) -> None:
    """Count a wrong try and keep the attempt. Two statements; fewer after too many, of which no row is kept.

    Raises TooManyTries.
    """
    device, until = at_the_till.device, at_the_till.blocked_until
    if until is None or until - now <= guessing.BLOCKED_FOR:
        guessing.note_wrong_try(device=device, brand_id=device.brand_id, now=now)
    if until:
        raise TooManyTries(seconds_until(until, now))
    recording.refuse(at_the_till, act=act, reason=Reason.UNKNOWN_CODE.value, now=now)


def seconds_until(moment: datetime, now: datetime) -> int:
    """Whole seconds to wait, rounded up."""
    return int((moment - now).total_seconds()) + 1


def symbols_of(text: str) -> str:
    """The 17 symbols, or an empty text for what cannot be a code: it is looked for all the same, so
    that the time it takes tells nothing."""
    try:
        return read(text)
    except UnknownCode:
        return ""


def read(text: str) -> str:
    """The 17 symbols of what was typed or scanned, or behind a link. Raises UnknownCode."""
    try:
        return code_format.normalise(text)
    except code_format.MalformedCode:
        symbols = code_links.code_behind(text[: code_format.TEXT_LENGTH_MAX])
    if symbols is None:
        raise UnknownCode
    return symbols


_BY_STATE = {
    Code.State.REDEEMED: Reason.ALREADY_REDEEMED,
    Code.State.FROZEN: Reason.FROZEN,
    Code.State.VOIDED: Reason.VOIDED,
    Code.State.EXPIRED: Reason.EXPIRED,
}


def refusal(*, code: Code, device: Device, person_id: UUID | None, now: datetime) -> Reason | None:
    """The rules that a code must pass wherever it is asked about. The wrong store learns only that.

    `person_id`: who signed in at the device with their PIN.
    """
    if not code.is_good_at(device.store):
        return Reason.WRONG_STORE
    if code.state != Code.State.ACTIVE:
        return _BY_STATE[Code.State(code.state)]
    if now < code.valid_from:
        return Reason.NOT_YET_VALID
    if now >= code.expires_at:
        return Reason.EXPIRED
    if not may_hand_over(code, device, person_id):
        return Reason.SECOND_PERSON
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
