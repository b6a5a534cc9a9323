"""The floor: as little as a redemption can be while it leaves the same rows behind.

No framework: a WSGI function, a connection pool, one prepared call (floor.sql). It reads JSON, looks the
device up by its token and the code by its HMAC, keeps the answer under the key and replays it, and
writes what the product writes. What it does not do: words for people, choices, limits on guessing, logs.
One statement of many WITH parts instead of the function costs PostgreSQL the same, and reads worse.
"""

import hashlib
import hmac
import json
import os
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from psycopg_pool import ConnectionPool

PEPPER = bytes.fromhex(os.environ["CODE_PEPPERS"].partition(",")[0].partition(":")[2])
REDEEM = "SELECT * FROM bench_redeem(%b, %b, %t, %b, %b::bigint, %b, %b, %b)"
REASONS = {201: "201 Created", 401: "401 Unauthorized", 404: "404 Not Found", 409: "409 Conflict"}
FORGIVEN = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})

pool = ConnectionPool(
    os.environ["DATABASE_URL"],
    min_size=1,
    max_size=int(os.environ.get("DATABASE_POOL_SIZE", "8")),
    kwargs={"autocommit": True, "prepare_threshold": 0},
    open=True,
)


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    asked = json.loads(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)) or "{}")
    code = str(asked.get("code", "")).upper().translate(FORGIVEN)
    amount = asked.get("amount")
    token = environ.get("HTTP_AUTHORIZATION", "").partition(" ")[2]
    words = json.dumps([code, amount])
    with pool.connection() as connection:
        row = connection.execute(
            REDEEM,
            [
                hashlib.sha256(token.encode()).digest(),
                hmac.digest(PEPPER, code.encode(), "sha256"),
                environ.get("HTTP_IDEMPOTENCY_KEY", ""),
                hmac.digest(PEPPER, words.encode(), "sha256"),
                amount,
                uuid7(),
                uuid7(),
                datetime.now(UTC),
            ],
        ).fetchone()
    status, answer = row or (500, "{}")
    body = answer.encode()
    start_response(
        REASONS.get(status, f"{status} Unprocessable"),
        [("Content-Type", "application/json"), ("Content-Length", str(len(body)))],
    )
    return [body]


def uuid7() -> UUID:
    value = time.time_ns() // 1_000_000 << 80 | int.from_bytes(os.urandom(10), "big")
    return UUID(int=value & ~(0xF << 76 | 0x3 << 62) | 0x7 << 76 | 0x2 << 62)
