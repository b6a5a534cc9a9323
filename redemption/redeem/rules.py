"""The rules of redeeming: what a till asks for, judged against everything that is true there.

Plain Python over what was read (snapshot.py): no statement is sent but to say where a spent code was
used, and who may hand over a gift that was issued by hand. Changes nothing.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django_scopes import scope

from core.ids import uuid7
from core.times import moment
from redemption import choices as gift_choices
from redemption import code_format, code_links
from redemption.codes.second_person import may_hand_over
from redemption.models import Code, Device, Redemption
from redemption.redeem import payloads
from redemption.redeem.reasons import Reason
from redemption.redeem.snapshot import Snapshot

_in_order = json.JSONEncoder(sort_keys=True).encode


class UnknownCode(Exception):
    """No such code for this device: mistyped, never issued, or another brand's. All look the same."""


class WrongField(ValueError):
    """Bad input that only shows at this till: another currency, or somebody who does not work here."""

    def __init__(self, field_name: str, message: str) -> None:
        super().__init__(message)
        self.field = field_name


class Refused(Exception):
    """A settled no: kept under the key."""

    def __init__(self, reason: Reason, **more: Any) -> None:
        super().__init__(reason)
        self.reason = reason
        self.more = more


class Incomplete(Refused):
    """Not settled: nothing is kept, the till may ask again under the same key."""


class Request(NamedTuple):
    """What a till asks for. See redeeming.redeem for the fields."""

    symbols: str
    key: str
    amount: int | None
    picks: Mapping[str, Sequence[str] | str]
    basket_total: int | None
    staff_id: UUID | None
    signed_in: bool
    client_time: datetime | None
    currencies: Mapping[str, str]

    def words(self) -> str:
        """For telling a repeat from another request under the same key. Who stands at the till may
        change between a request and its repeat, so it is left out."""
        picks = {key: [v] if isinstance(v, str) else list(v) for key, v in self.picks.items()}
        return "request:" + _in_order([self.symbols, self.amount, picks, self.basket_total])


class Spending(NamedTuple):
    """A redemption that is no row yet, of a code as it was read."""

    id: UUID
    code: Code
    device: Device
    staff_id: UUID | None
    amount: int
    choices: list[gift_choices.Choice]
    extra_amount: int
    basket_total: int | None
    client_time: datetime | None
    redeemed_at: datetime

    @property
    def balance(self) -> int:
        """What it will leave on the code."""
        return self.code.balance - self.amount


def judge(at_the_till: Snapshot, request: Request, now: datetime) -> Spending:
    """What is to be written. Raises UnknownCode, WrongField, Refused and Incomplete."""
    device, code = at_the_till.device, at_the_till.code
    _check_fields(at_the_till, request)
    if code is None:
        raise UnknownCode
    person = request.staff_id if request.signed_in else None
    reason = refusal(code=code, device=device, person_id=person, now=now)
    if reason:
        raise Refused(reason, **_explain(code, reason))
    picked = _picks(code, request)
    return Spending(
        id=uuid7(),
        code=code,
        device=device,
        staff_id=request.staff_id,
        amount=_amount(code, request),
        choices=picked,
        extra_amount=gift_choices.extra_charge(picked),
        basket_total=request.basket_total,
        client_time=request.client_time,
        redeemed_at=now,
    )


def _explain(code: Code, reason: Reason) -> dict[str, Any]:
    if reason == Reason.ALREADY_REDEEMED:
        with scope(brand=code.brand):
            used = first_use(code)
        return {"first_use": payloads.use(used)} if used else {}
    if reason == Reason.EXPIRED:
        return payloads.expiry(code)
    if reason == Reason.NOT_YET_VALID:
        return {"valid_from": moment(code.valid_from)}
    return {}


def _check_fields(at_the_till: Snapshot, request: Request) -> None:
    expected = at_the_till.device.brand.currency
    for name, currency in request.currencies.items():
        if currency != expected:
            raise WrongField(name, f"This brand's currency is {expected}.")
    if request.staff_id and not at_the_till.staff:
        raise WrongField("staff", "Nobody of that id works at this store.")


def _picks(code: Code, request: Request) -> list[gift_choices.Choice]:
    try:
        picked = gift_choices.apply(code.choices, request.picks)
    except gift_choices.WrongPick as wrong:
        raise Incomplete(Reason.INVALID, detail_of=wrong.choice, problem=str(wrong)) from None
    missing = gift_choices.open_choices(picked)
    if missing:
        raise Incomplete(Reason.CHOICES_REQUIRED, choices=missing)
    return picked


def _amount(code: Code, request: Request) -> int:
    """The part that was asked for, or as much of what is left as the bill takes. A treat is handed over
    whole."""
    bill = request.basket_total if code.kind == Code.Kind.VALUE else None
    wanted = request.amount
    if wanted is None:
        wanted = code.balance if bill is None else min(bill, code.balance)
    elif bill is not None and wanted > bill:
        raise Incomplete(Reason.INVALID, problem="The amount is more than the basket.")
    if wanted > code.balance:
        raise Refused(
            Reason.INSUFFICIENT_BALANCE, balance=payloads.money(code.balance, code.currency)
        )
    if wanted <= 0:
        raise Incomplete(Reason.INVALID, problem="Nothing is not an amount.")
    if code.kind == Code.Kind.ITEM and wanted != code.balance:
        raise Incomplete(Reason.INVALID, problem="A treat is redeemed whole.")
    return wanted


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
    Code.State.ON_HOLD: Reason.ON_HOLD,
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
