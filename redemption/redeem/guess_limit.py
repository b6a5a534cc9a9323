"""Whoever tries code after code is slowed: counted by device or address, by brand and in all.

The wall is 80 random bits; what is counted here sheds load and raises alarms. A paired device is judged by
its own tries alone, and only codes that are none are refused while it waits: a good code always goes on,
also at the next lane behind the same token, so nobody's guessing closes a till. A device far over its
limit tries no more until a manager typed a PIN. Addresses count strangers, who try links and tokens.

A brand that is tried too often has its owner alarmed, and so has whoever runs the machine when tries come
from everywhere. Counted in PostgreSQL, so that a till is guarded while Valkey is away. Addresses are kept
as keyed digests only.
"""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.utils import timezone

from core import crypto
from core.ids import uuid7
from core.networks import network, wide_network
from redemption.models import Alarm, WrongTries

log = logging.getLogger(__name__)

TRIES_PER_DEVICE = 10
TRIES_PER_DEVICE_AND_HOUR = 1000
"""More than people mistype: no more until a manager's PIN, and an alarm to the brand's owner."""
TRIES_PER_ADDRESS = 30
TRIES_PER_NETWORK = 300
"""Of all addresses of one /24, or /48 of IPv6: whoever has many is not many people."""
TRIES_PER_BRAND = 100
"""So many raise an alarm to the brand's owner."""
TRIES_IN_ALL = 1000
"""So many raise an alarm without a brand: to whoever runs the machine."""
WINDOW = timedelta(minutes=10)
HOUR = timedelta(hours=1)
BLOCKED_FOR = timedelta(minutes=5)
HELD_FOR = timedelta(hours=24)
"""A device over the limit of the hour, unless a manager lets it go on before."""

IN_ALL = "all"

# One statement, its rows always taken in the order of their keys, so that two never wait for each other.
# The row that reaches a limit reaches it once, in one statement: that one raises the alarm.
_COUNT = """
WITH counted AS (
    INSERT INTO redemption_wrongtries AS known (key, since, count)
    SELECT key, %(now)s::timestamptz, 1 FROM unnest(%(keys)s::text[]) AS key ORDER BY key COLLATE "C"
    ON CONFLICT (key) DO UPDATE SET (since, count, blocked_until) = (
        SELECT CASE WHEN young THEN known.since ELSE EXCLUDED.since END,
               CASE WHEN young THEN known.count + 1 ELSE 1 END,
               CASE WHEN young AND known.count + 1 >= most THEN ends ELSE known.blocked_until END
          FROM (SELECT known.since > CASE kind WHEN 'hour' THEN %(hour)s::timestamptz
                                     ELSE %(start)s::timestamptz END AS young,
                       CASE kind WHEN 'device' THEN %(per_device)s::int
                                 WHEN 'hour' THEN %(per_hour)s::int
                                 WHEN 'ip' THEN %(per_address)s::int
                                 WHEN 'net' THEN %(per_network)s::int END AS most,
                       CASE kind WHEN 'hour' THEN %(held)s::timestamptz
                            ELSE %(until)s::timestamptz END AS ends
                  FROM split_part(known.key, ':', 1) AS kind) AS limits)
    RETURNING key, since, count
), reached AS (
    SELECT split_part(key, ':', 1) AS kind, since, count FROM counted
)
INSERT INTO redemption_alarm (id, brand_id, device_id, kind, count, since, raised_at)
SELECT CASE kind WHEN 'all' THEN %(id_in_all)s::uuid WHEN 'hour' THEN %(id_of_device)s::uuid
                 ELSE %(id_of_brand)s::uuid END,
       CASE kind WHEN 'all' THEN NULL ELSE %(brand)s::uuid END,
       CASE kind WHEN 'hour' THEN %(device)s::uuid END,
       %(kind)s::text, count, since, %(now)s::timestamptz
FROM reached
WHERE kind = 'all' AND count = %(in_all)s::int
   OR kind = 'brand' AND count = %(per_brand)s::int
   OR kind = 'hour' AND count = %(per_hour)s::int
RETURNING brand_id, count
"""


def keys(device_id: UUID | None, address: str) -> list[str]:
    """The rows that can slow this device, or the stranger of this address; one that is not known slows
    nobody."""
    if device_id:
        return [f"device:{device_id}", f"hour:{device_id}"]
    if not address:
        return []
    home, neighbours = network(address), wide_network(address)
    return [f"ip:{_digest(home)}", *([f"net:{_digest(neighbours)}"] if neighbours else [])]


def _digest(addresses: str) -> str:
    return crypto.digest(f"address:unknown:{addresses}").hex()[:32]


def note_wrong_try(
    *,
    device_id: UUID | None,
    brand_id: UUID | None,
    address: str = "",
    now: datetime | None = None,
) -> None:
    """Count one wrong code of a device, or one wrong link or token from an address; slow whoever it was and
    raise the alarm where a limit is reached. 1 query.

    Call it outside the transaction of what was refused, so that the count stands whatever follows.
    """
    now = now or timezone.now()
    counted = [*keys(device_id, address), IN_ALL]
    if brand_id:
        counted.append(f"brand:{brand_id}")
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNT,
            {
                "keys": counted,
                "now": now,
                "start": now - WINDOW,
                "hour": now - HOUR,
                "until": now + BLOCKED_FOR,
                "held": now + HELD_FOR,
                "brand": brand_id,
                "device": device_id,
                "id_in_all": uuid7(),
                "id_of_brand": uuid7(),
                "id_of_device": uuid7(),
                "kind": Alarm.Kind.WRONG_TRIES.value,
                "per_device": TRIES_PER_DEVICE,
                "per_hour": TRIES_PER_DEVICE_AND_HOUR,
                "per_address": TRIES_PER_ADDRESS,
                "per_network": TRIES_PER_NETWORK,
                "per_brand": TRIES_PER_BRAND,
                "in_all": TRIES_IN_ALL,
            },
        )
        for raised_for, count in cursor.fetchall():
            log.error("%s wrong codes within minutes, brand %s", count, raised_for or "unknown")


def blocked_until(
    *, device_id: UUID | None, address: str = "", now: datetime | None = None
) -> datetime | None:
    """When the device, or the stranger of this address, may try again; None when it may now. 1 query."""
    held = WrongTries.objects.filter(
        key__in=keys(device_id, address), blocked_until__gt=now or timezone.now()
    )
    return held.order_by("-blocked_until").values_list("blocked_until", flat=True).first()


def count_failed_token(*, address: str, now: datetime | None = None) -> int:
    """Count a wrong secret link or token, and say how many seconds to wait before the next one; 0: none.

    Only for wrong ones. A right one is let in whatever its address did before: 256 random bits are
    never guessed, and all who sit in a café share one address. 2 queries.
    """
    now = now or timezone.now()
    until = blocked_until(device_id=None, address=address, now=now)
    if until is None:
        note_wrong_try(device_id=None, brand_id=None, address=address, now=now)
        return 0
    return int((until - now).total_seconds()) + 1
