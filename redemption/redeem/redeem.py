"""The one path by which value leaves.

Read everything that is true at this till for this code (snapshot.py), judge every rule, then write it
all in one statement that takes effect only if the code is still as it was read (write.py). Whoever
loses that race reads again, this time holding the code. The database stands behind it with CHECKs on
the balance and unique keys.

Same key, same answer: the answer is kept under its key in the commit that makes it true, and a request
whose key is known is given the kept answer, byte for byte. An answer is kept when it settles something
(redeemed, or refused for good); a request that was merely incomplete may be completed and sent again
under its key.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import OperationalError, transaction
from django.utils import timezone

from core import crypto
from redemption.models import Device, RefusedAttempt, StaffMember
from redemption.redeem import payloads, snapshot, write
from redemption.redeem.lookup import TooManyTries, note_unknown
from redemption.redeem.reasons import Reason, Refusal
from redemption.redeem.rules import (
    CodeRefused,
    Incomplete,
    Redeemed,
    ReplacedCode,
    Request,
    UnknownCode,
    WrongField,
    judge,
    symbols_of,
)
from redemption.redeem.snapshot import Admit, Record, Snapshot
from redemption.redeem.write import UnderKey

__all__ = ["Answer", "WrongField", "redeem"]

LOCK_NOT_AVAILABLE = "55P03"
"""PostgreSQL's name for a lock that was not had within lock_timeout."""

TURNS = 4
"""The first without a lock; the second holds the code, and can only lose to its own key or a revocation."""


class Answer(NamedTuple):
    """What the till is told. `text` is JSON as in the contract; a refusal's is an RFC 9457 problem."""

    status_code: int
    text: str
    fresh: Redeemed | Refusal | None = None
    """What came of it; None in a repeat, of which only the text is known."""
    replayed: bool = False

    @property
    def outcome(self) -> Redeemed | Refusal:
        """What came of it, for whoever words it anew: of a repeat, what was told the first time."""
        return self.fresh or payloads.outcome(self.body)

    @property
    def body(self) -> dict[str, Any]:
        return dict(json.loads(self.text))

    @property
    def redeemed(self) -> bool:
        return self.status_code == 201


def redeem(
    *,
    device: Device | str,
    text: str,
    key: str,
    amount: int | None = None,
    picks: Mapping[str, Sequence[str] | str] | None = None,
    basket_total: int | None = None,
    staff: StaffMember | UUID | None = None,
    signed_in: bool = False,
    client_time: datetime | None = None,
    currencies: Mapping[str, str] | None = None,
    admit: Admit | None = None,
    now: datetime | None = None,
) -> Answer:
    """Redeem a code at a device, once per key. Two statements. Belongs outside any transaction.

    `device`: or its token. `amount`: minor units; when absent all that is
    left, of a gift of an amount no more than `basket_total` where that is told. `picks`: option keys by
    choice key. `basket_total`: what the recipient paid for in all at the till, for measuring. `staff`: who
    serves, as the device says; with `signed_in` their PIN was asked for, and they count as a person.
    `currencies`: those that the till named, by field.
    `admit`: see snapshot.read.
    Always answers, see Reason for the refusals; raises StrangeDevice and WrongField.
    """
    request = Request(
        symbols=symbols_of(text),
        key=key,
        amount=amount,
        picks=picks or {},
        basket_total=basket_total,
        staff_id=staff.pk if isinstance(staff, StaffMember) else staff,
        signed_in=signed_in,
        client_time=client_time,
        currencies=currencies or {},
    )
    at = now or timezone.now()

    def look() -> Snapshot:
        return snapshot.read(
            device=device,
            symbols=request.symbols,
            now=at,
            key=key,
            staff_id=request.staff_id,
            admit=admit,
        )

    try:
        for turn in range(TURNS):
            answer = _take_turn(look, request, at, hold=turn > 0)
            if answer:
                return answer
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) != LOCK_NOT_AVAILABLE:
            raise
    return _no(Refusal(Reason.BUSY))


def _take_turn(
    look: Callable[[], Snapshot], request: Request, now: datetime, *, hold: bool
) -> Answer | None:
    """None when somebody else was faster: then nothing was written, and it is worth another turn."""
    at_the_till = look()
    try:
        if not hold or at_the_till.code is None:
            return _answer(at_the_till, request, now)
        with transaction.atomic(durable=True):
            write.lock(at_the_till.code.id)
            return _answer(look(), request, now)
    except write.KeyTaken:
        return None
    except UnknownCode as unknown:
        return _no(_noted(unknown, at_the_till, request.symbols, now).refusal)
    except Incomplete as incomplete:
        return _no(incomplete.refusal)


def _noted(unknown: UnknownCode, at_the_till: Snapshot, symbols: str, now: datetime) -> Incomplete:
    try:
        note_unknown(at_the_till, symbols, act=RefusedAttempt.Act.REDEMPTION, now=now)
    except (TooManyTries, ReplacedCode) as other:
        return other
    return unknown


def _answer(at_the_till: Snapshot, request: Request, now: datetime) -> Answer | None:
    if at_the_till.record:
        return _replay(at_the_till.record, request)
    try:
        spending = judge(at_the_till, request, now)
    except Incomplete:
        _note_look(at_the_till, now)
        raise
    except CodeRefused as refused:
        _note_look(at_the_till, now)
        wait = write.too_many_refusals(at_the_till, now=now)
        if wait:
            raise Incomplete(Refusal(Reason.TOO_MANY_TRIES, retry_after=wait)) from None
        answer = _no(refused.refusal)
        write.refuse(
            at_the_till,
            act=RefusedAttempt.Act.REDEMPTION,
            reason=refused.refusal.reason,
            now=now,
            answer=_under_key(request, answer),
        )
        return answer
    redeemed = spending.redeemed
    answer = Answer(201, json.dumps(payloads.redeemed(redeemed)), redeemed)
    return answer if write.spend(spending, answer=_under_key(request, answer)) else None


def _note_look(at_the_till: Snapshot, now: datetime) -> None:
    """What was not redeemed was shown all the same."""
    if at_the_till.code:
        write.note_look(at_the_till.code, now=now)


def _no(refusal: Refusal) -> Answer:
    body = payloads.refused(refusal)
    return Answer(body["status"], json.dumps(body), refusal)


def _replay(known: Record, request: Request) -> Answer:
    if known.request_digest not in crypto.digests(request.words()):
        raise Incomplete(Refusal(Reason.IDEMPOTENCY_KEY_REUSED))
    return Answer(known.status_code, known.body, replayed=True)


def _under_key(request: Request, answer: Answer) -> UnderKey:
    return UnderKey(request.key, crypto.digest(request.words()), answer.status_code, answer.text)
