"""Everything that is true at a till for a code, read in one statement.

A redemption costs two statements: this one, and the write that holds only if nothing changed since
(write.py). So the rules are ordinary Python over ordinary models, and no lock is held while they
are judged.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import cache, lru_cache
from typing import Any, NamedTuple, cast
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models.base import ModelState
from psycopg.pq import Format

from brands.models import Brand, Store
from core import crypto
from redemption.models import Code, Device, OptionList, StaffMember

Admit = Callable[[Device], None]


class StrangeDevice(Exception):
    """No paired device, or one that was revoked or whose store was closed."""


class Record(NamedTuple):
    """What was answered under this key before."""

    status_code: int
    body: str
    request_digest: bytes


class Snapshot(NamedTuple):
    device: Device
    """With its brand and store."""
    code: Code | None
    """None for what is no code of the device's brand. With its option list; its ciphertext was not read."""
    staff: StaffMember | None
    """None when nobody was named, or nobody of that id works at the store."""
    record: Record | None
    blocked_until: datetime | None
    """Codes that are none are not looked for before then: the device tried too many. Good ones go on."""


_READ = {
    "d": (Device, ["id", "brand", "store", "name", "profile", "invited_by"]),
    "b": (
        Brand,
        ["id", "slug", "name", "currency", "time_zone", "reversal_window_seconds"],
    ),
    "s": (Store, ["id", "brand", "slug", "name", "operator", "time_zone"]),
    "m": (StaffMember, ["id", "brand", "name", "role"]),
    "o": (OptionList, ["id", "groups"]),
    "c": (
        Code,
        [
            *["id", "brand", "kind", "origin", "label", "amount", "balance", "currency"],
            *["option_list", "picks", "store_ids", "bearer_name", "valid_from", "expires_at"],
            *["state", "last4", "issued_by"],
        ],
    ),
}
_NAMES = {
    alias: [field.attname for field in model._meta.concrete_fields if field.name in names]
    for alias, (model, names) in _READ.items()
}
_COLUMNS = ", ".join(f"{alias}.{name}" for alias, names in _NAMES.items() for name in names)

_STATEMENT = f"""
SELECT r.status_code, r.body, r.request_digest,
       (SELECT max(w.blocked_until) FROM redemption_wrongtries w
         WHERE w.key IN ('device:' || d.id::text, 'hour:' || d.id::text)
           AND w.blocked_until > %(now)s::timestamptz),
       d.last_seen_at > %(now)s::timestamptz - interval '1 minute' AS seen_lately,
       {_COLUMNS}
  FROM redemption_device d
  JOIN redemption_brand b ON b.id = d.brand_id
  JOIN redemption_store s ON s.id = d.store_id AND s.is_active
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
    `admit`: is asked about the device before anything else is
    done with it, and may raise. Raises StrangeDevice.
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
    status_code, body, request_digest, blocked_until, seen_lately, *rest = row
    device = _device(tuple(rest[:_PLACE]))
    if admit:
        admit(device)
    if not seen_lately:
        Device._base_manager.filter(pk=device.pk).update(last_seen_at=now)
    staff, option_list = _split(rest[_PLACE:], "m", "o", brand=device.brand)
    (code,) = _split(rest[_CODE:], "c", brand=device.brand, option_list=option_list)
    record = Record(status_code, body, bytes(request_digest)) if status_code else None
    return Snapshot(device, code, staff, record, blocked_until)


_DEVICE = len(_NAMES["d"])
_PLACE = _DEVICE + len(_NAMES["b"]) + len(_NAMES["s"])
_CODE = _PLACE + len(_NAMES["m"]) + len(_NAMES["o"])


@lru_cache(maxsize=1024)
def _device(values: tuple[Any, ...]) -> Device:
    """With its brand and store. The same values give the same objects: they are read, never changed."""
    brand, store = _split(values[_DEVICE:], "b", "s")
    (device,) = _split(values[:_DEVICE], "d", brand=brand, store=store)
    return cast(Device, device)


def _split(values: Sequence[Any], *aliases: str, **known: models.Model) -> list[Any]:
    """The models that a part of the row holds, each None where its join found nothing. `known`: what
    their foreign keys lead to."""
    found, start = [], 0
    for alias in aliases:
        model, names = _READ[alias][0], _NAMES[alias]
        own = values[start : start + len(names)]
        start += len(names)
        found.append(_loaded(model, zip(names, own, strict=True), known) if own[0] else None)
    return found


def _loaded(
    model: type[models.Model], values: Iterable[tuple[str, Any]], known: dict[str, models.Model]
) -> models.Model:
    """As Model.from_db: fields without a value are deferred. It leaves out what __init__ does for
    each field and signal, which for a code takes as long as sending the statement."""
    instance = model.__new__(model)
    vars(instance).update(values)
    instance._state = ModelState()
    instance._state.adding, instance._state.db = False, DEFAULT_DB_ALIAS
    instance._state.fields_cache = known
    return instance
