"""The control of the soak: stands in the place of giftshop/postgresql/base.py.

As it once was: a thread keeps its pooled connection for a second and gives it back at its next request.
One that ends before that never does: the pool counts its slot as lent for ever, until none is left.
"""

import time
from typing import Any

from django.db.backends.postgresql import base

KEPT_SECONDS = 1.0


class DatabaseWrapper(base.DatabaseWrapper):
    def __init__(self, settings: dict[str, Any], *args: Any, **more: Any) -> None:
        pool = settings["OPTIONS"].get("pool")
        if pool:
            pool.pop("patience", None)  # which only our own pool knows
        super().__init__(settings, *args, **more)

    def connect(self) -> None:
        super().connect()
        if self.pool:
            self.close_at = time.monotonic() + KEPT_SECONDS
            self.health_check_enabled = False
