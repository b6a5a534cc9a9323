"""The product as it must not be, for the positive control: it answers first and commits afterwards.

A kill between the two loses what a till was told is done. If no test finds anything missing then, the
kills proved nothing.
"""

import threading
from collections.abc import Callable
from typing import Any

from django.core.signals import request_started
from django.db import connection

from giftshop.wsgi import application as product

SLOW_DISK_SECONDS = 0.25
"""Several times as long as a kill comes after the answer that it waits for."""


def hold_its_commit(environ: dict[str, Any], **_more: Any) -> None:
    """After Django has tidied its connections at the start of the request."""
    if "redemptions" in environ["PATH_INFO"]:
        connection.ensure_connection()
        connection.set_autocommit(False)


request_started.connect(hold_its_commit)


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    said = list(product(environ, start_response))
    if "redemptions" in environ["PATH_INFO"]:
        held, connection.connection = connection.connection, None  # nobody ends its transaction
        threading.Timer(SLOW_DISK_SECONDS, commit, [held, connection.pool]).start()
    return said


def commit(held: Any, pool: Any) -> None:
    held.commit()
    pool.putconn(held)
