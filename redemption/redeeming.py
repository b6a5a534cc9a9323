"""The one path by which value leaves.

Lock the code, check every rule again, insert the redemption, post, commit: all in one transaction.
The lock makes two tills take turns; the checks run after it, on what is true then. The database stands
behind it with CHECKs on the balance and a unique key.

Same key, same answer. The first thing a redemption writes is its key; a second request with that key
waits for the first to commit, and is then given the stored answer. An answer is stored when it settles
something (redeemed, or refused for good); a request that was merely incomplete may be completed and
sent again under its key.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import OperationalError, connection, transaction
from django.utils import timezone
from django_scopes import scope

from redemption import choices as gift_choices
from redemption import sealing, telling
from redemption.ledger import Leg, earned_by, post
from redemption.looking_up import UnknownCode, first_use, read, refusal
from redemption.models import (
    Account,
    Code,
    Device,
    IdempotencyRecord,
    JournalEntry,
    Redemption,
    StaffMember,
)
from redemption.reasons import Reason

LOCK_NOT_AVAILABLE = "55P03"
"""PostgreSQL's name for a lock that was not had within lock_timeout."""


@dataclass(frozen=True)
class Answer:
    """What the till is told. `body` is JSON as in the contract; a refusal's is an RFC 9457 problem."""

    status_code: int
    body: dict[str, Any]
    replayed: bool = False

    @property
    def redeemed(self) -> bool:
        return self.status_code == 201


@dataclass(frozen=True)
class _Request:
    """What was asked, for telling a repeat from another request under the same key."""

    symbols: str
    amount: int | None
    picks: Mapping[str, Sequence[str] | str]
    basket_total: int | None
    staff: StaffMember | None
    client_time: datetime | None = field(compare=False)

    def words(self) -> str:
        """Who stands at the till may change between a request and its repeat, so it is left out."""
        picks = {key: [v] if isinstance(v, str) else list(v) for key, v in self.picks.items()}
        words = [self.symbols, self.amount, picks, self.basket_total]
        return "request:" + json.dumps(words, sort_keys=True)


class _Refused(Exception):
    """A settled no: stored under the key."""

    def __init__(self, reason: Reason, **more: Any) -> None:
        super().__init__(reason)
        self.reason = reason
        self.more = more


class _Incomplete(_Refused):
    """Not settled: nothing is stored, the till may ask again under the same key."""


def redeem(
    *,
    device: Device,
    text: str,
    key: str,
    amount: int | None = None,
    picks: Mapping[str, Sequence[str] | str] | None = None,
    basket_total: int | None = None,
    staff: StaffMember | None = None,
    client_time: datetime | None = None,
    now: datetime | None = None,
) -> Answer:
    """Redeem a code at a device, once per key.

    `amount`: minor units; all that is left when absent. `picks`: option keys by choice key.
    `basket_total`: what the guest paid for in all at the till, for measuring. Always answers;
    see Reason for the refusals.
    """
    now = now or timezone.now()
    try:
        asked = _Request(_symbols(text), amount, picks or {}, basket_total, staff, client_time)
        with transaction.atomic(durable=True), scope(brand=device.brand):
            return _answer_once(device, key, asked, now)
    except UnknownCode:
        return _answer(telling.refused(Reason.UNKNOWN_CODE))
    except _Incomplete as incomplete:
        return _answer(telling.refused(incomplete.reason, **incomplete.more))
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) != LOCK_NOT_AVAILABLE:
            raise
        return _answer(telling.refused(Reason.BUSY))


def _symbols(text: str) -> str:
    """What cannot be a code is like a code that does not exist, so that its key is looked at too."""
    try:
        return read(text)
    except UnknownCode:
        return ""


def _answer(body: dict[str, Any]) -> Answer:
    return Answer(body["status"], body)


def _answer_once(device: Device, key: str, asked: _Request, now: datetime) -> Answer:
    if not _claim(device, key, asked, now):
        return _replay(device, key, asked)
    try:
        redemption, code = _redeem(device, key, asked, now)
    except _Incomplete:
        raise
    except _Refused as refused:
        answer = _answer(telling.refused(refused.reason, **refused.more))
    else:
        answer = Answer(201, telling.redeemed(redemption, code))
    IdempotencyRecord.objects.filter(device=device, key=key).update(
        status_code=answer.status_code, body=json.dumps(answer.body)
    )
    return answer


def _claim(device: Device, key: str, asked: _Request, now: datetime) -> bool:
    """Write the key. False when it is taken; waits while another request holds it uncommitted."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO redemption_idempotencyrecord (device_id, key, request_digest, body, created_at)"
            " VALUES (%s, %s, %s, '', %s) ON CONFLICT DO NOTHING",
            [device.pk, key, sealing.digest(asked.words()), now],
        )
        return bool(cursor.rowcount == 1)


def _replay(device: Device, key: str, asked: _Request) -> Answer:
    known = IdempotencyRecord.objects.get(device=device, key=key)
    if bytes(known.request_digest) not in sealing.digests(asked.words()):
        raise _Incomplete(Reason.IDEMPOTENCY_KEY_REUSED)
    return Answer(known.status_code or 0, json.loads(known.body), replayed=True)


def _redeem(device: Device, key: str, asked: _Request, now: datetime) -> tuple[Redemption, Code]:
    code = lock(asked.symbols)
    if code is None:
        raise UnknownCode
    reason = refusal(code=code, device=device, now=now)
    if reason:
        raise _Refused(reason, **_explain(code, reason))
    picked = _picks(code, asked)
    amount = _amount(code, asked)
    redemption = Redemption.objects.create(
        brand=device.brand,
        code=code,
        store=device.store,
        device=device,
        staff=asked.staff,
        amount=amount,
        currency=code.currency,
        choices=picked,
        extra_amount=gift_choices.extra_charge(picked),
        basket_total=asked.basket_total,
        idempotency_key=key,
        client_time=asked.client_time,
        redeemed_at=now,
    )
    code.spend(amount, now)
    post(
        brand=device.brand,
        kind=JournalEntry.Kind.REDEMPTION,
        reference=f"redemption:{redemption.pk}",
        currency=code.currency,
        legs=[
            Leg(Account.GIFT_LIABILITY, amount, code=code),
            Leg(earned_by(device.store), -amount, store=device.store),
        ],
        now=now,
    )
    return redemption, code


def lock(symbols: str) -> Code | None:
    """The code, held until commit: every other till that wants it waits here."""
    return (
        Code.objects.matching(symbols)
        .select_related("brand")
        .select_for_update(of=("self",), no_key=True)
        .first()
    )


def _explain(code: Code, reason: Reason) -> dict[str, Any]:
    if reason == Reason.ALREADY_REDEEMED:
        used = first_use(code)
        return {"first_use": telling.use(used)} if used else {}
    if reason == Reason.EXPIRED:
        return {"expires_at": telling.moment(code.expires_at)}
    if reason == Reason.NOT_YET_VALID:
        return {"valid_from": telling.moment(code.valid_from)}
    return {}


def _picks(code: Code, asked: _Request) -> list[gift_choices.Choice]:
    try:
        picked = gift_choices.apply(code.choices, asked.picks)
    except gift_choices.WrongPick as wrong:
        raise _Incomplete(Reason.INVALID, detail_of=wrong.choice, problem=str(wrong)) from None
    missing = gift_choices.open_choices(picked)
    if missing:
        raise _Incomplete(Reason.CHOICES_REQUIRED, choices=missing)
    return picked


def _amount(code: Code, asked: _Request) -> int:
    """All that is left, or the part that was asked for. A treat is handed over whole."""
    if asked.amount is None:
        return code.balance
    if asked.amount > code.balance:
        raise _Refused(
            Reason.INSUFFICIENT_BALANCE, balance=telling.money(code.balance, code.currency)
        )
    if asked.amount <= 0:
        raise _Incomplete(Reason.INVALID, problem="Nothing is not an amount.")
    if code.kind == Code.Kind.ITEM and asked.amount != code.balance:
        raise _Incomplete(Reason.INVALID, problem="A treat is redeemed whole.")
    return asked.amount
