"""A thread keeps its pooled connection for a second and gives it back at its next request. One that ends
before that never does: the pool counts its slot as lent for ever, until none is left."""

import time

from django.db.backends.postgresql import base

KEPT_SECONDS = 1.0


class DatabaseWrapper(base.DatabaseWrapper):
    def connect(self) -> None:
        super().connect()
        if not self.pool:
            return
        self.close_at = time.monotonic() + KEPT_SECONDS
        self.health_check_enabled = False
