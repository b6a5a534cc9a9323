"""Everything that is true at a till for a code, read in one statement.

A redemption costs two statements: this one, and the write that holds only if nothing changed since
(write.py). So the rules are ordinary Python over what was read, and no lock is held while they are
judged.

What was read are tuples, made anew at every look: nothing is kept from one look to the next that could
be yesterday's, and a field that is not here was not read; asking for it is an error, not a hidden query.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import cache
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from psycopg.pq import Format

from core import crypto, validity
from redemption.choices import Choice, Group, Picked, with_picks
from redemption.models import Device


class StrangeDevice(Exception):
    """No paired device, or one that was revoked or whose store was closed."""


class Record(NamedTuple):
    """What was answered under this key before."""

    status_code: int
    body: str
    request_digest: bytes


class Till(NamedTuple):
    """The device that asks, and what is asked of its store and brand."""

    device_id: UUID
    profile: str
    invited_by: UUID | None
    store_id: UUID
    operator: str
    """Of the store, see Store.operator."""
    brand_id: UUID
    currency: str
    reversal_window_seconds: int

    @property
    def reversal_window(self) -> timedelta:
        return timedelta(seconds=self.reversal_window_seconds)


class CodeSnapshot(NamedTuple):
    """A code as it was at that moment. Its ciphertext was not read."""

    id: UUID
    brand_id: UUID
    time_zone: str
    """Its brand's."""
    kind: str
    label: str
    amount: int
    balance: int
    currency: str
    groups: list[Group] | None
    """Of its option list; None when it has none."""
    picks: Picked
    store_ids: list[UUID]
    recipient_name: str
    valid_from: datetime
    expires_at: datetime
    state: str
    issued_by: UUID | None
    version: int
    """Grows with each new set of symbols, see codes/rotate.py."""
    looked_at: datetime | None
    """When a till was first shown it."""

    @property
    def choices(self) -> list[Choice]:
        """What it offers, with what was picked."""
        return with_picks(self.groups, self.picks) if self.groups else []

    @property
    def last_day(self) -> date:
        """See Code.last_day."""
        return validity.last_day(self.expires_at, ZoneInfo(self.time_zone))

    def is_good_at(self, store_id: UUID) -> bool:
        """At a store of its brand."""
        return not self.store_ids or store_id in self.store_ids


Admit = Callable[[Till], None]


class Snapshot(NamedTuple):
    till: Till
    code: CodeSnapshot | None
    """None for what is no code of the till's brand."""
    staff_id: UUID | None
    """Who was named; None when nobody was, or nobody of that id works at the store."""
    record: Record | None
    blocked_until: datetime | None
    """Codes that are none are not looked for before then: the device tried too many. Good ones go on."""


_TILL = {
    "device_id": "d.id",
    "profile": "d.profile",
    "invited_by": "d.invited_by",
    "store_id": "s.id",
    "operator": "s.operator",
    "brand_id": "b.id",
    "currency": "b.currency",
    "reversal_window_seconds": "b.reversal_window_seconds",
}
_ELSEWHERE = {"time_zone": "b.time_zone", "groups": "o.groups"}
_COLUMNS = ", ".join(
    [_TILL[field] for field in Till._fields]
    + [_ELSEWHERE.get(field, f"c.{field}") for field in CodeSnapshot._fields]
)
_WIDTH = len(Till._fields)

_STATEMENT = f"""
SELECT r.status_code, r.body, r.request_digest,
       (SELECT max(w.blocked_until) FROM redemption_wrongtries w
         WHERE w.key IN ('device:' || d.id::text, 'hour:' || d.id::text)
           AND w.blocked_until > %(now)s::timestamptz),
       d.last_seen_at > %(now)s::timestamptz - interval '1 minute' AS seen_lately,
       m.id AS staff, {_COLUMNS}
  FROM redemption_device d
  JOIN brands_brand b ON b.id = d.brand_id
  JOIN brands_store s ON s.id = d.store_id AND s.is_active
  LEFT JOIN redemption_idempotencyrecord r ON r.device_id = d.id AND r.key = %(key)s::text
  LEFT JOIN redemption_staffmember m
         ON m.id = %(staff)s::uuid AND m.is_active
        AND EXISTS (SELECT FROM redemption_staffmember_stores w
                     WHERE w.staffmember_id = m.id AND w.store_id = s.id)
  LEFT JOIN redemption_code c ON c.brand_id = d.brand_id AND c.digest IN ({{digests}})
  LEFT JOIN redemption_optionlist o ON o.id = c.option_list_id
 WHERE d.revoked_at IS NULL AND {{device}}
"""  # nosec B608  # of our own statements
_BY = {
    str: "d.token_digest = %(device)s::bytea",
    Device: "d.id = %(device)s::uuid AND d.token_digest IS NOT NULL",
}
"""How a device is found: by its token, or as itself."""


@cache
def _statement(device: str, digests: int) -> str:
    """With a place for each digest: for an array PostgreSQL would plan anew at every look."""
    places = ", ".join(f"%(digest_{n})s::bytea" for n in range(digests))
    return _STATEMENT.format(digests=places, device=device)


def read(
    *,
    device: Device | str,
    symbols: str,
    now: datetime,
    key: str = "",
    staff_id: UUID | None = None,
    admit: Admit | None = None,
) -> Snapshot:
    """One statement (and a second one a minute, to note that the device was seen).

    `device`: or its token. `symbols`: the 17 of a code, or an empty text for what cannot be one.
    `admit`: is asked about the till before anything else is done with it, and may raise. Raises
    StrangeDevice.
    """
    digests = crypto.digests(symbols)
    asked = {
        "device": device.pk if isinstance(device, Device) else crypto.token_digest(device),
        **{f"digest_{n}": digest for n, digest in enumerate(digests)},
        "key": key,
        "staff": staff_id,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.cursor.format = Format.BINARY  # loaded by psycopg's C alone, times too
        cursor.execute(_statement(_BY[type(device)], len(digests)), asked)
        row = cursor.fetchone()
    if row is None:
        raise StrangeDevice
    status_code, body, request_digest, blocked_until, seen_lately, staff, *rest = row
    till = Till._make(rest[:_WIDTH])
    if admit:
        admit(till)
    if not seen_lately:
        Device._base_manager.filter(pk=till.device_id).update(last_seen_at=now)
    of_code = rest[_WIDTH:]
    code = CodeSnapshot._make(of_code) if of_code[0] else None
    record = Record(status_code, body, bytes(request_digest)) if status_code else None
    return Snapshot(till, code, staff, record, blocked_until)
