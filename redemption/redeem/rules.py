"""The rules of redeeming: what a till asks for, judged against everything that is true there.

Plain Python over what was read (snapshot.py): no statement is sent but to say where a spent code was
used, and who may hand over a goodwill gift. Changes nothing.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django_scopes import scope

from core.ids import uuid7
from redemption import choices as gift_choices
from redemption import code_format, code_links
from redemption.codes.second_person import could_be_one
from redemption.models import Code, Device, Redemption
from redemption.redeem.reasons import FirstUse, Reason, Refusal
from redemption.redeem.snapshot import CodeSnapshot, Snapshot, Till

_in_order = json.JSONEncoder(sort_keys=True).encode


class WrongField(ValueError):
    """Bad input that only shows at this till: another currency, or somebody who does not work here."""

    def __init__(self, field_name: str, message: str) -> None:
        super().__init__(message)
        self.field = field_name


class CodeRefused(Exception):
    """A settled no: kept under the key."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.reason.value)
        self.refusal = refusal


class Incomplete(CodeRefused):
    """Not settled: nothing is kept, the till may ask again under the same key."""


class UnknownCode(Incomplete):
    """No such code for this device: mistyped, never issued, or another brand's. All look the same."""

    def __init__(self) -> None:
        super().__init__(Refusal(Reason.UNKNOWN_CODE))


class ReplacedCode(UnknownCode):
    """Symbols that a gift of this brand had before it got others."""

    def __init__(self) -> None:
        super().__init__()
        self.refusal = Refusal(Reason.REPLACED)


class Request(NamedTuple):
    """What a till asks for. See redeem.redeem for the fields."""

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


class Redeemed(NamedTuple):
    """What a redemption gave and left: amounts in minor units of its currency."""

    id: UUID
    label: str
    kind: str
    recipient_name: str
    amount: int
    balance: int
    """What it leaves on the code."""
    extra: int
    """What the picks cost over the gift."""
    currency: str
    choices: list[gift_choices.Choice]
    redeemed_at: datetime
    reversible_until: datetime
    """By anybody at the counter."""


class Spending(NamedTuple):
    """A redemption that is no row yet, of a code as it was read."""

    redeemed: Redeemed
    code: CodeSnapshot
    till: Till
    staff_id: UUID | None
    basket_total: int | None
    client_time: datetime | None


def judge(at_the_till: Snapshot, request: Request, now: datetime) -> Spending:
    """What is to be written. Raises UnknownCode, WrongField, CodeRefused and Incomplete."""
    till, code = at_the_till.till, at_the_till.code
    _check_currencies(till, request.currencies)
    check_staff(at_the_till, request.staff_id)
    if code is None:
        raise UnknownCode
    person = request.staff_id if request.signed_in else None
    no = refusal(code=code, till=till, person_id=person, now=now)
    if no:
        raise CodeRefused(no)
    picked = _picks(code, request)
    amount = _amount(code, request)
    redeemed = Redeemed(
        id=uuid7(),
        label=code.label,
        kind=code.kind,
        recipient_name=code.recipient_name,
        amount=amount,
        balance=code.balance - amount,
        extra=gift_choices.extra_charge(picked),
        currency=code.currency,
        choices=picked,
        redeemed_at=now,
        reversible_until=now + till.reversal_window,
    )
    return Spending(
        redeemed, code, till, request.staff_id, request.basket_total, request.client_time
    )


def refusal(
    *, code: CodeSnapshot, till: Till, person_id: UUID | None, now: datetime
) -> Refusal | None:
    """The rules that a code must pass wherever it is asked about, by look-up and by redemption; None
    when it passes. The wrong store learns only that.

    `person_id`: who signed in at the till with their PIN.
    """
    if not code.is_good_at(till.store_id):
        return Refusal(Reason.WRONG_STORE)
    if code.state != Code.State.ACTIVE:
        return _BY_STATE[Code.State(code.state)](code)
    if now < code.valid_from:
        return Refusal(Reason.NOT_YET_VALID, valid_from=code.valid_from)
    if now >= code.expires_at:
        return _expired(code)
    if not _may_hand_over(code, till, person_id):
        return Refusal(Reason.SECOND_PERSON)
    return None


def _may_hand_over(code: CodeSnapshot, till: Till, person_id: UUID | None) -> bool:
    """Whether a goodwill gift may be redeemed here. Of any other gift: yes, without a query.

    Only whoever signed in at this till with their PIN counts; what it merely says about staff counts for
    nothing. Without anybody only a till system will do, whose token somebody else made.
    """
    if code.issued_by is None:
        return True
    if person_id is None and till.profile == Device.Profile.INTEGRATION:
        maker = till.invited_by  # nobody: it was made at the server, not in a store
        return maker is None or not could_be_one(code.brand_id, code.issued_by, maker)
    return person_id is not None and not could_be_one(code.brand_id, code.issued_by, person_id)


def check_staff(at_the_till: Snapshot, staff_id: UUID | None) -> None:
    """Whoever is named must work at the store. Raises WrongField."""
    if staff_id and not at_the_till.staff_id:
        raise WrongField("staff", "Nobody of that id works at this store.")


def _expired(code: CodeSnapshot) -> Refusal:
    return Refusal(Reason.EXPIRED, expires_at=code.expires_at, last_day=code.last_day)


def _already_redeemed(code: CodeSnapshot) -> Refusal:
    """With the first redemption that stands. 1 query."""
    with scope(brand=code.brand_id):
        use = (
            Redemption.objects.standing()
            .filter(code_id=code.id)
            .select_related("store")
            .order_by("redeemed_at")
            .first()
        )
    if use is None:
        return Refusal(Reason.ALREADY_REDEEMED)
    first = FirstUse(
        use.redeemed_at, use.store.name, use.amount, use.currency, use.pk, use.store_id
    )
    return Refusal(Reason.ALREADY_REDEEMED, first_use=first)


_BY_STATE: dict[Code.State, Callable[[CodeSnapshot], Refusal]] = {
    Code.State.REDEEMED: _already_redeemed,
    Code.State.ON_HOLD: lambda code: Refusal(Reason.ON_HOLD),
    Code.State.VOIDED: lambda code: Refusal(Reason.VOIDED),
    Code.State.EXPIRED: _expired,
}


def _check_currencies(till: Till, named: Mapping[str, str]) -> None:
    for field, currency in named.items():
        if currency != till.currency:
            raise WrongField(field, f"This brand's currency is {till.currency}.")


def _picks(code: CodeSnapshot, request: Request) -> list[gift_choices.Choice]:
    try:
        picked = gift_choices.apply(code.choices, request.picks)
    except gift_choices.WrongPick as wrong:
        raise Incomplete(Refusal(Reason.INVALID, problem=str(wrong), choice=wrong.choice)) from None
    missing = gift_choices.open_choices(picked)
    if missing:
        raise Incomplete(Refusal(Reason.CHOICES_REQUIRED, choices=missing))
    return picked


def _amount(code: CodeSnapshot, request: Request) -> int:
    """The part that was asked for, or as much of what is left as the basket takes. A treat is handed over
    whole."""
    basket = request.basket_total if code.kind == Code.Kind.VALUE else None
    wanted = request.amount
    if wanted is None:
        wanted = code.balance if basket is None else min(basket, code.balance)
    elif basket is not None and wanted > basket:
        raise _invalid("The amount is more than the basket.")
    if wanted > code.balance:
        raise CodeRefused(
            Refusal(Reason.INSUFFICIENT_BALANCE, balance=code.balance, currency=code.currency)
        )
    if wanted <= 0:
        raise _invalid("Nothing is not an amount.")
    if code.kind == Code.Kind.ITEM and wanted != code.balance:
        raise _invalid("A treat is redeemed whole.")
    return wanted


def _invalid(problem: str) -> Incomplete:
    return Incomplete(Refusal(Reason.INVALID, problem=problem))


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
