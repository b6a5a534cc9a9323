"""A pooled connection is asked whether it still lives only when nobody has used it for a second.

Django's CONN_HEALTH_CHECKS asks before every request: one trip to the database more for each, where a
redemption has two in all. A restart of PostgreSQL cuts connections; after a pause it is noticed before
anybody is answered, within the second a request may fail, and a till asks again with its key.
"""

import time
from typing import Any
from weakref import WeakKeyDictionary

from django.db.backends.postgresql import base
from psycopg_pool import ConnectionPool

PAUSE_SECONDS = 1.0

_last_used: WeakKeyDictionary[Any, float] = WeakKeyDictionary()


def check_after_a_pause(connection: Any) -> None:
    """Raises psycopg.OperationalError for a connection that was cut; the pool then opens another."""
    now = time.monotonic()
    if now - _last_used.get(connection, 0.0) > PAUSE_SECONDS:
        ConnectionPool.check_connection(connection)
    _last_used[connection] = now


class DatabaseWrapper(base.DatabaseWrapper):
    @property
    def pool(self) -> Any:
        pool = super().pool
        if pool is not None:
            pool._check = check_after_a_pause  # the pool is made in there, and takes no other word
        return pool
