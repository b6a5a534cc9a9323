"""Counts how often something is done, and says when it is too often.

Counted in PostgreSQL in fixed windows, in one statement whatever is counted at once; keys are keyed
digests, so that no address is kept. Who is refused here waits; nothing is locked.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from django.db import connection

from core import crypto

WINDOW = timedelta(minutes=10)

# Rows always taken in the order of their keys, so that two statements never wait for each other.
_COUNT = """
INSERT INTO redemption_ratecount AS known (key, since, count)
SELECT key, %(now)s::timestamptz, 1 FROM unnest(%(keys)s::text[]) AS key ORDER BY key COLLATE "C"
ON CONFLICT (key) DO UPDATE SET
    since = CASE WHEN known.since > %(start)s::timestamptz THEN known.since ELSE EXCLUDED.since END,
    count = CASE WHEN known.since > %(start)s::timestamptz THEN known.count + 1 ELSE 1 END
RETURNING key, since, count
"""

_GIVE_BACK = """
UPDATE redemption_ratecount AS known SET count = known.count - 1
FROM (
    SELECT key FROM redemption_ratecount WHERE key = ANY(%(keys)s::text[]) ORDER BY key COLLATE "C" FOR UPDATE
) AS held
WHERE known.key = held.key AND known.since > %(start)s::timestamptz AND known.count > 0
"""


def key(page: str, kind: str, who: str) -> str:
    """The row of one page and one who: an address, a session, a device."""
    return f"{page[:24]}:{kind[:8]}:{crypto.digest(f'rate:{kind}:{who}').hex()[:32]}"


def count(limits: Mapping[str, int], *, now: datetime, window: timedelta = WINDOW) -> int:
    """Count one act under each key. Returns how many seconds to wait if it is above the limit of any,
    else 0. One statement, none without a key."""
    if not limits:
        return 0
    values: dict[str, Any] = {"keys": list(limits), "now": now, "start": now - window}
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, values)
        over: list[datetime] = [
            since for known, since, times in cursor.fetchall() if times > limits[known]
        ]
    if not over:
        return 0
    return max(1, ceil((max(over) + window - now).total_seconds()))


def give_back(keys: Iterable[str], *, now: datetime, window: timedelta = WINDOW) -> None:
    """What was counted just now under each key was none of those that are to be few. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_GIVE_BACK, {"keys": list(keys), "start": now - window})
