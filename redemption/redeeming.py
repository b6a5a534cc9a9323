"""The one path by which value leaves.

Read everything that is true at this till for this code (situation.py), judge every rule, then write it
all in one statement that takes effect only if the code is still as it was read (recording.py). Whoever
loses that race reads again, this time holding the code. The database stands behind it with CHECKs on
the balance and unique keys.

Same key, same answer: the answer is kept under its key in the commit that makes it true, and a request
whose key is known is given the kept answer, byte for byte. An answer is kept when it settles something
(redeemed, or refused for good); a request that was merely incomplete may be completed and sent again
under its key.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import OperationalError, transaction
from django.utils import timezone
from django_scopes import scope

from redemption import choices as gift_choices
from redemption import recording, sealing, situation, telling
from redemption.ids import uuid7
from redemption.ledger import earned_by
from redemption.looking_up import (
    UnknownCode,
    first_use,
    note_unknown,
    refusal,
    seconds_until,
    symbols_of,
)
from redemption.models import Code, Device, Redemption, RefusedAttempt, StaffMember
from redemption.reasons import Reason
from redemption.situation import Admit, Situation

LOCK_NOT_AVAILABLE = "55P03"
"""PostgreSQL's name for a lock that was not had within lock_timeout."""

TURNS = 4
"""The first without a lock; the second holds the code, and can only lose to its own key or a revocation."""


@dataclass(frozen=True)
class Answer:
    """What the till is told. `text` is JSON as in the contract; a refusal's is an RFC 9457 problem."""

    status_code: int
    text: str
    replayed: bool = False

    @cached_property
    def body(self) -> dict[str, Any]:
        return dict(json.loads(self.text))

    @property
    def redeemed(self) -> bool:
        return self.status_code == 201


class WrongField(ValueError):
    """Bad input that only shows at this till: another currency, or somebody who does not work here."""

    def __init__(self, field_name: str, message: str) -> None:
        super().__init__(message)
        self.field = field_name


@dataclass(frozen=True)
class Request:
    """What was asked, for telling a repeat from another request under the same key."""

    symbols: str
    key: str
    amount: int | None
    picks: Mapping[str, Sequence[str] | str]
    basket_total: int | None
    staff_id: UUID | None = field(compare=False)
    client_time: datetime | None = field(compare=False)
    currencies: Mapping[str, str] = field(compare=False)

    def words(self) -> str:
        """Who stands at the till may change between a request and its repeat, so it is left out."""
        picks = {key: [v] if isinstance(v, str) else list(v) for key, v in self.picks.items()}
        words = [self.symbols, self.amount, picks, self.basket_total]
        return "request:" + json.dumps(words, sort_keys=True)


class _Refused(Exception):
    """A settled no: kept under the key."""

    def __init__(self, reason: Reason, **more: Any) -> None:
        super().__init__(reason)
        self.reason = reason
        self.more = more

    def answer(self) -> Answer:
        body = telling.refused(self.reason, **self.more)
        return Answer(body["status"], json.dumps(body))


class _Incomplete(_Refused):
    """Not settled: nothing is kept, the till may ask again under the same key."""


def redeem(
    *,
    device: Device | str,
    text: str,
    key: str,
    amount: int | None = None,
    picks: Mapping[str, Sequence[str] | str] | None = None,
    basket_total: int | None = None,
    staff: StaffMember | UUID | None = None,
    client_time: datetime | None = None,
    currencies: Mapping[str, str] | None = None,
    address: str = "",
    admit: Admit | None = None,
    now: datetime | None = None,
) -> Answer:
    """Redeem a code at a device, once per key. Two statements. Belongs outside any transaction.

    `device`: or its token. `amount`: minor units; all that is left when absent. `picks`: option keys by
    choice key. `basket_total`: what the guest paid for in all at the till, for measuring. `currencies`:
    those that the till named, by field. `address`: the client's, for counting wrong tries. `admit`: see
    situation.read.
    Always answers, see Reason for the refusals; raises StrangeDevice and WrongField.
    """
    request = Request(
        symbols=symbols_of(text),
        key=key,
        amount=amount,
        picks=picks or {},
        basket_total=basket_total,
        staff_id=staff.pk if isinstance(staff, StaffMember) else staff,
        client_time=client_time,
        currencies=currencies or {},
    )
    at = now or timezone.now()
    try:
        for turn in range(TURNS):
            answer = _take_turn(device, request, address, admit, at, hold=turn > 0)
            if answer:
                return answer
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) != LOCK_NOT_AVAILABLE:
            raise
    return _Incomplete(Reason.BUSY).answer()


def _take_turn(
    device: Device | str,
    request: Request,
    address: str,
    admit: Admit | None,
    now: datetime,
    *,
    hold: bool,
) -> Answer | None:
    """None when somebody else was faster: then nothing was written, and it is worth another look."""

    def look() -> Situation:
        return situation.read(
            device=device,
            symbols=request.symbols,
            address=address,
            now=now,
            key=request.key,
            staff_id=request.staff_id,
            admit=admit,
        )

    at_the_till = look()
    try:
        with _holding(at_the_till.code if hold else None):
            if hold:
                at_the_till = look()
            return _answer(at_the_till, request, now)
    except recording.KeyTaken:
        return None
    except UnknownCode:
        note_unknown(at_the_till, act=RefusedAttempt.Act.REDEMPTION, address=address, now=now)
        return _Incomplete(Reason.UNKNOWN_CODE).answer()
    except _Incomplete as incomplete:
        return incomplete.answer()


@contextmanager
def _holding(code: Code | None) -> Iterator[None]:
    """A transaction that begins by holding the code; nothing at all without one."""
    if code is None:
        yield
        return
    with transaction.atomic(durable=True):
        recording.lock(code)
        yield


def _answer(at_the_till: Situation, request: Request, now: datetime) -> Answer | None:
    if at_the_till.record:
        return _replay(at_the_till.record, request)
    try:
        redemption, code = _judge(at_the_till, request, now)
    except _Incomplete:
        raise
    except _Refused as refused:
        answer = refused.answer()
        recording.refuse(
            at_the_till,
            act=RefusedAttempt.Act.REDEMPTION,
            reason=refused.reason.value,
            now=now,
            answer=_under_key(request, answer),
        )
        return answer
    answer = Answer(201, json.dumps(telling.redeemed(redemption, code)))
    written = recording.spend(
        redemption,
        balance=code.balance + redemption.amount,
        earned=earned_by(at_the_till.device.store).value,
        answer=_under_key(request, answer),
    )
    return answer if written else None


def _replay(known: situation.Record, request: Request) -> Answer:
    if known.request_digest not in sealing.digests(request.words()):
        raise _Incomplete(Reason.IDEMPOTENCY_KEY_REUSED)
    return Answer(known.status_code, known.body, replayed=True)


def _under_key(request: Request, answer: Answer) -> recording.UnderKey:
    return recording.UnderKey(
        request.key, sealing.digest(request.words()), answer.status_code, answer.text
    )


def _judge(at_the_till: Situation, request: Request, now: datetime) -> tuple[Redemption, Code]:
    """The redemption, and the code as it will be. Raises UnknownCode and what refuses."""
    device, code = at_the_till.device, at_the_till.code
    if at_the_till.blocked_until:
        wait = seconds_until(at_the_till.blocked_until, now)
        raise _Incomplete(Reason.TOO_MANY_TRIES, retry_after=wait)
    _check_fields(at_the_till, request)
    if code is None:
        raise UnknownCode
    reason = refusal(code=code, store=device.store, now=now)
    if reason is None and code.issued_by and request.staff_id in {None, code.issued_by}:
        reason = Reason.SECOND_PERSON
    if reason:
        raise _Refused(reason, **_explain(code, reason))
    picked = _picks(code, request)
    amount = _amount(code, request)
    code.balance -= amount
    return (
        Redemption(
            id=uuid7(),
            brand_id=device.brand_id,
            code=code,
            store_id=device.store_id,
            device_id=device.pk,
            staff_id=request.staff_id,
            amount=amount,
            currency=code.currency,
            choices=picked,
            extra_amount=gift_choices.extra_charge(picked),
            basket_total=request.basket_total,
            idempotency_key=request.key,
            client_time=request.client_time,
            redeemed_at=now,
        ),
        code,
    )


def _explain(code: Code, reason: Reason) -> dict[str, Any]:
    if reason == Reason.ALREADY_REDEEMED:
        with scope(brand=code.brand):
            used = first_use(code)
        return {"first_use": telling.use(used)} if used else {}
    if reason == Reason.EXPIRED:
        return {"expires_at": telling.moment(code.expires_at)}
    if reason == Reason.NOT_YET_VALID:
        return {"valid_from": telling.moment(code.valid_from)}
    return {}


def _check_fields(at_the_till: Situation, request: Request) -> None:
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
        raise _Incomplete(Reason.INVALID, detail_of=wrong.choice, problem=str(wrong)) from None
    missing = gift_choices.open_choices(picked)
    if missing:
        raise _Incomplete(Reason.CHOICES_REQUIRED, choices=missing)
    return picked


def _amount(code: Code, request: Request) -> int:
    """All that is left, or the part that was asked for. A treat is handed over whole."""
    if request.amount is None:
        return code.balance
    if request.amount > code.balance:
        raise _Refused(
            Reason.INSUFFICIENT_BALANCE, balance=telling.money(code.balance, code.currency)
        )
    if request.amount <= 0:
        raise _Incomplete(Reason.INVALID, problem="Nothing is not an amount.")
    if code.kind == Code.Kind.ITEM and request.amount != code.balance:
        raise _Incomplete(Reason.INVALID, problem="A treat is redeemed whole.")
    return request.amount
