"""Wrong PINs make somebody wait: at that device only, a little longer each time, and never for good.

Counted for each person at each device, and for each device over everybody, in PostgreSQL. A try is taken
before the PIN is hashed and given back when it was right, so that tries in parallel are no more than
tries in turn. Whoever stands at one device cannot keep anybody from another: no count goes beyond its
device. What is left of guessing, four tries an hour, is told to the brand's owners.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import DateTimeField, F, Q, Value
from django.db.models.functions import Greatest, NullIf

from redemption.audit import log as audit_log
from redemption.audit.actors import SYSTEM
from redemption.audit.log import Act
from redemption.models import Alarm, Device, StaffMember, WrongTries

log = logging.getLogger(__name__)

PER_PERSON = 5
"""So many wrong PINs of one person at one device, and there is a pause before each more."""
PER_DEVICE = 20
"""So many wrong PINs of whomever at one device."""
PAUSE_MIN, PAUSE_MAX = timedelta(seconds=30), timedelta(minutes=15)
"""The first pause, doubled with each more wrong PIN up to the longest."""
ALARM = 2 * PER_PERSON
"""So many of one person at one device are told to the owners; so is a device at its limit."""
PERSON_FORGOTTEN_AFTER = timedelta(hours=24)
DEVICE_FORGOTTEN_AFTER = timedelta(hours=1)

# Rows always taken in the order of their keys, so that two statements never wait for each other. A row
# that is paused is not counted, and not returned.
_TAKE = """
INSERT INTO redemption_wrongtries AS known (key, since, count)
SELECT key, %(now)s::timestamptz, 1
  FROM unnest(ARRAY[%(device)s::text, %(person)s::text]) AS key ORDER BY key COLLATE "C"
ON CONFLICT (key) DO UPDATE SET (since, count, blocked_until) = (
    SELECT CASE WHEN young THEN known.since ELSE EXCLUDED.since END, counted,
           CASE WHEN counted >= most THEN %(now)s::timestamptz
                + least(%(longest)s::interval, %(shortest)s::interval * 2 ^ least(counted - most, 16)) END
      FROM (SELECT young, CASE WHEN young THEN known.count + 1 ELSE 1 END AS counted, most
              FROM (SELECT CASE WHEN known.key = %(device)s::text
                                THEN known.since > %(start_device)s::timestamptz
                                ELSE known.since > %(start_person)s::timestamptz END AS young,
                           CASE WHEN known.key = %(device)s::text
                                THEN %(per_device)s::int ELSE %(per_person)s::int END AS most) AS age
           ) AS next)
WHERE known.blocked_until IS NULL OR known.blocked_until <= %(now)s::timestamptz
RETURNING key, count, blocked_until, since
"""


class PinPaused(Exception):
    """No PIN is looked at until then. Says nothing of whether the person works here."""

    def __init__(self, until: datetime, now: datetime) -> None:
        super().__init__(until)
        self.until = until
        self.seconds = max(1, ceil((until - now).total_seconds()))


@dataclass(frozen=True)
class Counted:
    """One row after this try: how many since when, and the pause that follows if it was wrong."""

    count: int
    until: datetime | None
    since: datetime


@dataclass(frozen=True)
class Try:
    """One try at a PIN, counted already as if it were wrong."""

    device: Device
    staff_id: UUID
    now: datetime
    of_person: Counted
    of_device: Counted

    @property
    def left(self) -> int:
        """Tries before the next pause."""
        return max(0, min(PER_PERSON - self.of_person.count, PER_DEVICE - self.of_device.count))

    @property
    def paused_until(self) -> datetime | None:
        ends = [until for until in (self.of_person.until, self.of_device.until) if until]
        return max(ends, default=None)


def take(*, device: Device, staff_id: UUID, now: datetime) -> Try:
    """Count one try, before the PIN is looked at. Belongs outside any transaction. Three statements.

    `staff_id`: whose PIN it is said to be, whether there is such a person or not. Raises PinPaused; then
    nothing was counted.
    """
    of_device, of_person = _device_key(device), _person_key(staff_id, device)
    asked: dict[str, Any] = {
        "device": of_device,
        "person": of_person,
        "now": now,
        "start_device": now - DEVICE_FORGOTTEN_AFTER,
        "start_person": now - PERSON_FORGOTTEN_AFTER,
        "per_device": PER_DEVICE,
        "per_person": PER_PERSON,
        "shortest": PAUSE_MIN,
        "longest": PAUSE_MAX,
    }
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(_TAKE, asked)
        counted = {key: Counted(*rest) for key, *rest in cursor.fetchall()}
        if len(counted) == len((of_device, of_person)):
            return Try(device, staff_id, now, counted[of_person], counted[of_device])
        transaction.set_rollback(True)
    held = WrongTries.objects.filter(key__in=[of_device, of_person], blocked_until__gt=now)
    until = held.order_by("-blocked_until").values_list("blocked_until", flat=True).first()
    raise PinPaused(until or now, now)


def give_back(taken: Try) -> None:
    """The PIN was right: the person begins anew, and the device has one try less. Two statements."""
    WrongTries.objects.filter(key=_person_key(taken.staff_id, taken.device)).delete()
    same = WrongTries.objects.filter(key=_device_key(taken.device))
    same.update(
        count=Greatest(F("count") - 1, 0),
        blocked_until=NullIf("blocked_until", Value(taken.of_device.until, DateTimeField())),
    )


def note_wrong(taken: Try, member: StaffMember | None) -> None:
    """The PIN was wrong: goes into the audit log when a pause begins, and is an alarm when there are many.
    Expects the brand's scope."""
    person, device = taken.of_person, taken.of_device
    if person.count == PER_PERSON and member:
        _record(Act.STAFF_LOCKED, f"staff:{member.pk}", taken, name=member.name)
    if device.count == PER_DEVICE:
        _record(Act.DEVICE_PINS_PAUSED, f"device:{taken.device.pk}", taken)
        _alarm(device, taken)
    elif person.count == ALARM and member:
        _alarm(person, taken)


def paused(staff_ids: Iterable[UUID], *, now: datetime) -> dict[UUID, datetime]:
    """Who of them has to wait at some device, and until when. One query."""
    wanted = list(staff_ids)
    if not wanted:
        return {}
    of_them = Q()
    for staff_id in wanted:
        of_them |= Q(key__startswith=f"pin:{staff_id}:")
    rows = WrongTries.objects.filter(of_them, blocked_until__gt=now).order_by("blocked_until")
    return {
        UUID(key.split(":")[1]): until
        for key, until in rows.values_list("key", "blocked_until")
        if until
    }


def mark_paused(people: Iterable[StaffMember], *, now: datetime) -> None:
    """Put `pin_paused_until` on each. One query."""
    listed = list(people)
    until = paused((person.pk for person in listed), now=now)
    for person in listed:
        person.pin_paused_until = until.get(person.pk)


def forget_person(staff_id: UUID) -> None:
    """They may try again at once, wherever they are."""
    WrongTries.objects.filter(key__startswith=f"pin:{staff_id}:").delete()


def forget_device(device: Device) -> None:
    """Anybody may try again there at once."""
    WrongTries.objects.filter(key=_device_key(device)).delete()


def device_paused_until(device: Device, *, now: datetime) -> datetime | None:
    """None when PINs are looked at there."""
    held = WrongTries.objects.filter(key=_device_key(device), blocked_until__gt=now)
    return held.values_list("blocked_until", flat=True).first()


def _device_key(device: Device) -> str:
    return f"pins:{device.pk}"


def _person_key(staff_id: UUID, device: Device) -> str:
    return f"pin:{staff_id}:{device.pk}"


def _record(act: Act, subject: str, taken: Try, **details: object) -> None:
    with transaction.atomic():
        audit_log.record(
            brand=taken.device.brand,
            actor=SYSTEM,
            act=act,
            subject=subject,
            now=taken.now,
            details={"wrong": max(taken.of_person.count, taken.of_device.count), **details},
            device=taken.device,
        )


def _alarm(counted: Counted, taken: Try) -> None:
    Alarm.objects.create(
        brand=taken.device.brand,
        kind=Alarm.Kind.WRONG_PINS,
        device=taken.device,
        count=counted.count,
        since=counted.since,
        raised_at=taken.now,
    )
    log.error("%s wrong PINs at device %s", counted.count, taken.device.pk)
