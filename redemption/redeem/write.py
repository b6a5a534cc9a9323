"""What a till did, written down in one statement: all of it, or nothing.

`spend` is a compare-and-swap: it takes effect only if the code is still as it was read and the device
still paired. When two tills want the same code, one statement waits for the other, finds that the
balance is another now, and writes nothing; so does one whose recipient picked another flavour meanwhile,
and one that was shown symbols which the sender has changed since.
Behind it stand the CHECKs on the balance and two unique keys; before an answer is given, it is kept
under its key in the same commit.
"""

import json
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, connection

from redemption import rate_limits
from redemption.choices import picks_of
from redemption.ledger.posting import earned_by
from redemption.models import Code, RefusedAttempt
from redemption.redeem.reasons import Reason
from redemption.redeem.rules import Spending
from redemption.redeem.snapshot import CodeSnapshot, Snapshot

UNIQUE_VIOLATION = "23505"
REFUSED_CODES_A_MINUTE = 30
REFUSALS_PER_CODE_MIN = 3
"""Of one code at one device as many refusals are kept in a minute as if so many codes shared the limit of
the device; at least so few."""

AS_IT_WAS_READ = """state = 'active' AND balance = %(balance)s::bigint
           AND picks = %(picks_read)s::jsonb AND recipient_name = %(recipient_read)s::text
           AND version = %(version)s::smallint"""
"""The name, too: one that is erased meanwhile stands in no answer that is kept."""

_SPEND = """
WITH spent AS (
    UPDATE redemption_code
       SET balance = balance - %(amount)s::bigint,
           state = CASE WHEN balance > %(amount)s::bigint THEN state ELSE 'redeemed' END,
           state_at = CASE WHEN balance > %(amount)s::bigint THEN state_at
                           ELSE %(now)s::timestamptz END
     WHERE id = %(code)s::uuid AND {as_it_was_read}
       AND EXISTS (SELECT FROM redemption_device
                    WHERE id = %(device)s::uuid AND revoked_at IS NULL)
 RETURNING id, brand_id, currency, option_list_id
), redemption AS (
    INSERT INTO redemption_redemption
           (id, brand_id, code_id, store_id, device_id, staff_id, amount, currency,
            option_list_id, picks, extra_amount, basket_total, idempotency_key, client_time,
            offline, redeemed_at)
    SELECT %(redemption)s::uuid, brand_id, id, %(store)s::uuid, %(device)s::uuid,
           %(staff)s::uuid, %(amount)s::bigint, currency, option_list_id, %(picks)s::jsonb,
           %(extra)s::bigint, %(basket_total)s::bigint, %(key)s::text,
           %(client_time)s::timestamptz, false, %(now)s::timestamptz
      FROM spent
), entry AS (
    INSERT INTO redemption_journalentry (id, brand_id, kind, reference, occurred_at, created_at)
    SELECT %(redemption)s::uuid, brand_id, 'redemption', 'redemption:' || %(redemption)s::uuid,
           %(now)s::timestamptz, statement_timestamp()
      FROM spent
), postings AS (
    INSERT INTO redemption_posting (entry_id, brand_id, account, amount, currency, code_id, store_id)
    SELECT %(redemption)s::uuid, brand_id, 'gift_liability', %(amount)s::bigint, currency, id,
           NULL::uuid
      FROM spent
    UNION ALL
    SELECT %(redemption)s::uuid, brand_id, %(earned)s::text, -%(amount)s::bigint, currency, NULL,
           %(store)s::uuid
      FROM spent
)
INSERT INTO redemption_idempotencyrecord
       (device_id, key, request_digest, status_code, body, created_at)
SELECT %(device)s::uuid, %(key)s::text, %(request_digest)s::bytea, 201, %(body)s::text,
       %(now)s::timestamptz
  FROM spent
"""
SPEND = _SPEND.format(as_it_was_read=AS_IT_WAS_READ)

_REFUSED = """
    INSERT INTO redemption_refusedattempt
           (brand_id, store_id, device_id, staff_id, code_id, act, reason, attempted_at)
    VALUES (%(brand)s::uuid, %(store)s::uuid, %(device)s::uuid, %(staff)s::uuid, %(code)s::uuid,
            %(act)s::text, %(reason)s::text, %(now)s::timestamptz)
"""
_REFUSED_UNDER_KEY = f"""
WITH refused AS ({_REFUSED})
INSERT INTO redemption_idempotencyrecord
       (device_id, key, request_digest, status_code, body, created_at)
VALUES (%(device)s::uuid, %(key)s::text, %(request_digest)s::bytea, %(status_code)s::smallint,
        %(body)s::text, %(now)s::timestamptz)
"""  # nosec B608  # of our own statements


_LOOKED_AT = """
UPDATE redemption_code SET looked_at = %(now)s::timestamptz
 WHERE id = (SELECT id FROM redemption_code WHERE id = %(code)s::uuid AND looked_at IS NULL
                FOR NO KEY UPDATE SKIP LOCKED)
"""


class UnderKey(NamedTuple):
    """The answer that is kept, so that the same question gets it again."""

    key: str
    request_digest: bytes
    status_code: int
    body: str


class KeyTaken(Exception):
    """Another request with the same key was faster; its answer is there to be read now."""


def spend(spending: Spending, *, answer: UnderKey) -> bool:
    """Take the amount off its code and post it; False when the code or the device is no longer as it
    was read. One statement. The journal entry bears the redemption's id. Raises KeyTaken."""
    till, redeemed, code = spending.till, spending.redeemed, spending.code
    return _write(
        SPEND,
        {
            "redemption": redeemed.id,
            "code": code.id,
            "store": till.store_id,
            "device": till.device_id,
            "staff": spending.staff_id,
            "amount": redeemed.amount,
            "balance": code.balance,
            "picks": json.dumps(picks_of(redeemed.choices)),
            "picks_read": json.dumps(code.picks),
            "recipient_read": code.recipient_name,
            "version": code.version,
            "extra": redeemed.extra,
            "basket_total": spending.basket_total,
            "client_time": spending.client_time,
            "earned": earned_by(till.operator).value,
            "now": redeemed.redeemed_at,
            "key": answer.key,
            "request_digest": answer.request_digest,
            "body": answer.body,
        },
    )


def refuse(
    at_the_till: Snapshot,
    *,
    act: RefusedAttempt.Act,
    reason: Reason,
    now: datetime,
    answer: UnderKey | None = None,
) -> None:
    """Keep the attempt, and with `answer` what was said under its key. One statement. Raises KeyTaken."""
    till, code = at_the_till.till, at_the_till.code
    kept: dict[str, Any] = {
        "brand": till.brand_id,
        "store": till.store_id,
        "device": till.device_id,
        "staff": at_the_till.staff_id,
        "code": code.id if code else None,
        "act": act.value,
        "reason": reason.value,
        "now": now,
    }
    if answer is None:
        _write(_REFUSED, kept)
    else:
        _write(_REFUSED_UNDER_KEY, {**kept, **answer._asdict()})


def too_many_refusals(at_the_till: Snapshot, *, now: datetime) -> int:
    """Count one refusal of this device, and of this code at it, before it is kept. Returns seconds to wait,
    above either limit; then nothing more is kept for this minute, so that no till fills the tables, and
    least of all with one spent code under new keys. One statement."""
    device, most = str(at_the_till.till.device_id), settings.REFUSALS_PER_MINUTE
    limits = {rate_limits.key("refusals", "device", device): most}
    if at_the_till.code:
        of_code = rate_limits.key("refusals", "code", f"{device} {at_the_till.code.id}")
        limits[of_code] = max(REFUSALS_PER_CODE_MIN, most // REFUSED_CODES_A_MINUTE)
    return rate_limits.count(limits, now=now, window=timedelta(minutes=1))


def note_look(code: CodeSnapshot, *, now: datetime) -> None:
    """A till was shown these symbols, so somebody out there has them. Noted the first time, one
    statement; not where somebody holds the code, since no till waits for that."""
    if code.looked_at is None:
        with connection.cursor() as cursor:
            cursor.execute(_LOOKED_AT, {"code": code.id, "now": now})


def lock(code_id: UUID) -> None:
    """Hold the code until commit: every other till that wants it waits here."""
    Code._base_manager.select_for_update(no_key=True).only("pk").get(pk=code_id)


def _write(statement: str, values: dict[str, Any]) -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return bool(cursor.rowcount == 1)
    except IntegrityError as error:
        if getattr(error.__cause__, "sqlstate", None) != UNIQUE_VIOLATION:
            raise
        raise KeyTaken from None
