"""Statements that may take minutes: of a command or a migration, never of a request.

PostgreSQL breaks a statement off after a while, and a pool's connection waits for it a little longer: it has
its `patience`. Whoever lifts one limit lifts both, or the other one strikes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


def lift(*_of_a_migration: Any) -> None:
    """For what is left of this connection's use, in a transaction or not. Also an operation of migrations."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    _be_patient(None)


@contextmanager
def long_statements() -> Iterator[None]:
    """Inside of a transaction, to whose end PostgreSQL's own limit stays lifted."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
    kept = _be_patient(None)
    try:
        yield
    finally:
        _be_patient(kept)


def _be_patient(seconds: float | None) -> float | None:
    """How long the connection waited until now; a bare one, without a pool, waits for ever."""
    before: float | None = getattr(connection.connection, "patience", None)
    if hasattr(connection.connection, "patience"):
        connection.connection.patience = seconds
    return before
