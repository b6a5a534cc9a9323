"""The product as it must not be, for the positive control: it answers first and commits afterwards.

A kill between the two loses what a till was told is done. If no test finds anything missing then, the
kills proved nothing.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db import connection

from giftshop.wsgi import application as product

SLOW_DISK_SECONDS = 0.1


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    if "redemptions" not in environ["PATH_INFO"]:
        return list(product(environ, start_response))
    connection.ensure_connection()
    connection.set_autocommit(False)
    response = product(environ, start_response)
    held, connection.connection = connection.connection, None  # nobody else ends its transaction
    return answer_then_commit(response, held)


def answer_then_commit(response: Any, held: Any) -> Iterator[bytes]:
    yield b"".join(response)
    time.sleep(SLOW_DISK_SECONDS)
    held.commit()
    held.close()
