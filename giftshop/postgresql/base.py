"""A thread keeps the connection that the pool lent it while requests follow one another closely.

Django takes a connection from the pool for each request, has it asked whether it still lives, and hands
it back after: one trip to the database more, where a redemption has two in all, and as much work in
Python as sending a statement. A second is short enough: a restart of PostgreSQL cuts connections, after
a pause that is noticed before anybody is answered, and within the second a till asks again with its key.
"""

import time

from django.db.backends.postgresql import base

KEPT_SECONDS = 1.0


class DatabaseWrapper(base.DatabaseWrapper):
    def connect(self) -> None:
        super().connect()
        if not self.pool:
            return  # a worker's own: giftshop/celery_fixup.py
        self.close_at = (
            time.monotonic() + KEPT_SECONDS
        )  # Django closes at the next border of a request
        self.health_check_enabled = False  # the pool asked when it lent
