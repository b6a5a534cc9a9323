"""Redemptions of one code that meet: each has read the code before either has written.

To press at the same moment is not enough: on one machine, or on a busy one, the first may be over before
the second has read. So each waits on its way to the database until another is there, whichever process
works on it, and none is answered before those that met have written.
"""

import time
from collections.abc import Callable
from contextlib import contextmanager
from functools import wraps
from typing import Any
from uuid import UUID

from django.db import connection

from redemption.redeem.rules import Spending

PATIENCE_SECONDS = 30.0
BETWEEN_LOOKS_SECONDS = 0.002
HERE = "hashtextextended(%s, 0)"

COME = f"SELECT pg_advisory_lock_shared({HERE})"
LEAVE = f"SELECT pg_advisory_unlock_shared({HERE})"
WHO_IS_HERE = f"""
SELECT count(*) FROM pg_locks
 WHERE locktype = 'advisory' AND mode = 'ShareLock' AND granted
   AND (classid::bigint << 32 | objid::bigint) = {HERE}
"""
IS_REDEEMED = "SELECT EXISTS (SELECT FROM redemption_redemption WHERE code_id = %s)"

Spend = Callable[..., bool]


def meeting(spend: Spend) -> Spend:
    """`spend`, with which the first two redemptions of each code meet; later ones go their way.
    Raises AssertionError when nobody else comes."""

    @wraps(spend)
    def spend_together(spending: Spending, **more: Any) -> bool:
        code = spending.code.id
        if _told(IS_REDEEMED, code):
            return spend(spending, **more)
        with _here(code):
            _wait_until(lambda: _told(WHO_IS_HERE, code) > 1 or _told(IS_REDEEMED, code))
            spent = spend(spending, **more)
        _wait_until(lambda: not _told(WHO_IS_HERE, code))
        return spent

    return spend_together


@contextmanager
def _here(code: UUID) -> Any:
    _told(COME, code)
    try:
        yield
    finally:
        _told(LEAVE, code)


def _told(statement: str, code: UUID) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, [str(code)])
        [told] = cursor.fetchone()
    return told


def _wait_until(holds: Callable[[], Any]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, "no other till came for this code"
        time.sleep(BETWEEN_LOOKS_SECONDS)
