"""Whoever tries code after code is stopped: counted by device, by address, by brand and in all.

Counted in PostgreSQL, so that a till is guarded while Valkey is away. A device or an address that tried
too often waits; a brand that is tried too often has its owner alarmed, and so has whoever runs the
machine when tries come from everywhere. Addresses are kept as keyed digests only.

Addresses of paired devices are counted apart from those of strangers: a guest on the café's own network
cannot bring the tablet at its counter to a stop by opening wrong links.
"""

import logging
from datetime import datetime, timedelta
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from redemption import auditing, pin_tries, sealing
from redemption.actors import Actor
from redemption.auditing import Act
from redemption.ids import uuid7
from redemption.models import Alarm, Device, WrongTries

log = logging.getLogger(__name__)

TRIES_PER_DEVICE = 10
TRIES_PER_ADDRESS = 30
TRIES_PER_BRAND = 100
"""So many raise an alarm to the brand's owner."""
TRIES_IN_ALL = 1000
"""So many raise an alarm without a brand: to whoever runs the machine."""
WINDOW = timedelta(minutes=10)
BLOCKED_FOR = timedelta(minutes=5)

IN_ALL = "all"

# One statement, its rows always taken in the order of their keys, so that two never wait for each other.
# The row that reaches a limit reaches it once, in one statement: that one raises the alarm.
_COUNT = """
WITH counted AS (
    INSERT INTO redemption_wrongtries AS known (key, since, count)
    SELECT key, %(now)s::timestamptz, 1 FROM unnest(%(keys)s::text[]) AS key ORDER BY key COLLATE "C"
    ON CONFLICT (key) DO UPDATE SET
        since = CASE WHEN known.since > %(start)s::timestamptz THEN known.since ELSE EXCLUDED.since END,
        count = CASE WHEN known.since > %(start)s::timestamptz THEN known.count + 1 ELSE 1 END,
        blocked_until = CASE
            WHEN known.since > %(start)s::timestamptz AND known.count + 1 >=
                CASE split_part(known.key, ':', 1)
                    WHEN 'device' THEN %(per_device)s::int WHEN 'ip' THEN %(per_address)s::int
                END
            THEN %(until)s::timestamptz ELSE known.blocked_until END
    RETURNING key, since, count
)
INSERT INTO redemption_alarm (id, brand_id, kind, count, since, raised_at)
SELECT CASE key WHEN %(all)s::text THEN %(id_in_all)s::uuid ELSE %(id_of_brand)s::uuid END,
       CASE key WHEN %(all)s::text THEN NULL ELSE %(brand)s::uuid END,
       %(kind)s::text, count, since, %(now)s::timestamptz
FROM counted
WHERE key = %(all)s::text AND count = %(in_all)s::int
   OR split_part(key, ':', 1) = 'brand' AND count = %(per_brand)s::int
RETURNING brand_id, count
"""


def keys(device_id: UUID | None, address: str) -> list[str]:
    """The rows that can block this device and address; an address that is not known blocks nobody."""
    of_device = f"device:{device_id}" if device_id else ""
    of_address = address_key(address, paired=device_id is not None)
    return [key for key in (of_device, of_address) if key]


def address_key(address: str, *, paired: bool) -> str:
    """The row of an address, as the address of a paired device or of a stranger; empty for none."""
    if not address:
        return ""
    who = "device" if paired else "stranger"
    return f"ip:{sealing.digest(f'address:{who}:{network(address)}').hex()[:32]}"


def note_wrong_try(
    *,
    device: Device | None,
    brand_id: UUID | None,
    address: str,
    now: datetime | None = None,
) -> None:
    """Count one wrong code or token; block and raise the alarm where a limit is reached. 1 query.

    Call it outside the transaction of what was refused, so that the count stands whatever follows.
    """
    now = now or timezone.now()
    counted = [*keys(device.pk if device else None, address), IN_ALL]
    if brand_id:
        counted.append(f"brand:{brand_id}")
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNT,
            {
                "keys": counted,
                "now": now,
                "start": now - WINDOW,
                "until": now + BLOCKED_FOR,
                "all": IN_ALL,
                "brand": brand_id,
                "id_in_all": uuid7(),
                "id_of_brand": uuid7(),
                "kind": Alarm.Kind.WRONG_TRIES.value,
                "per_device": TRIES_PER_DEVICE,
                "per_address": TRIES_PER_ADDRESS,
                "per_brand": TRIES_PER_BRAND,
                "in_all": TRIES_IN_ALL,
            },
        )
        for raised_for, count in cursor.fetchall():
            log.error("%s wrong codes within minutes, brand %s", count, raised_for or "unknown")


def blocked_until(
    *, device_id: UUID | None, address: str, now: datetime | None = None
) -> datetime | None:
    """When the device or address may try again; None when it may now. 1 query."""
    held = WrongTries.objects.filter(
        key__in=keys(device_id, address), blocked_until__gt=now or timezone.now()
    )
    return held.order_by("-blocked_until").values_list("blocked_until", flat=True).first()


def note_stranger(*, address: str, now: datetime | None = None) -> int:
    """Count a wrong secret link or token, and say how many seconds to wait before the next one; 0: none.

    Only for wrong ones. A right one is let in whatever its address did before: 256 random bits are
    never guessed, and the guests of a café share one address. 2 queries.
    """
    now = now or timezone.now()
    until = blocked_until(device_id=None, address=address, now=now)
    if until is None:
        note_wrong_try(device=None, brand_id=None, address=address, now=now)
        return 0
    return int((until - now).total_seconds()) + 1


def unblock(*, device: Device, actor: Actor, now: datetime | None = None) -> None:
    """A manager lets a blocked device try codes and PINs again at once. Goes on the trail. Expects the
    brand's scope."""
    with transaction.atomic():
        WrongTries.objects.filter(key=f"device:{device.pk}").delete()
        pin_tries.forget_device(device)
        auditing.record(
            brand=device.brand,
            actor=actor,
            act=Act.DEVICE_UNBLOCKED,
            subject=f"device:{device.pk}",
            now=now or timezone.now(),
            device=device,
        )


@lru_cache(maxsize=4096)
def network(address: str) -> str:
    """What one person has of addresses: an IPv4 address, or the /64 that a home gets of IPv6."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return parsed.packed[:8].hex()
    return str(parsed)
