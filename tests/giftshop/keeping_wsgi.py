"""The product as it was: a thread keeps its connection beyond the request.

With KEEP_FOR_EVER the pool does not learn of a thread's end either: the positive control.
"""

import os
import time
from collections import deque

from giftshop.postgresql.base import DatabaseWrapper, base
from giftshop.postgresql.pool import Borrower, Pool
from giftshop.wsgi import application

__all__ = ["application"]

KEPT_SECONDS = 1.0


def connect_and_keep(self: DatabaseWrapper) -> None:
    base.DatabaseWrapper.connect(self)
    self.close_at = time.monotonic() + KEPT_SECONDS


DatabaseWrapper.connect = connect_and_keep  # type: ignore[method-assign]

if os.environ.get("KEEP_FOR_EVER"):
    immortal = Borrower(deque())
    Pool._borrower = lambda _pool: immortal  # type: ignore[method-assign]
