"""Lends connections, and has each of them back when whoever borrowed it is done or dead.

A web server ends a thread that was idle for a while, and with it whatever the thread holds. So each
thread has an object of its own here that ends with it, and whose end gives up what it had borrowed.
"""

import os
import select
import threading
import weakref
from collections import deque
from time import monotonic
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.pq import TransactionStatus
from psycopg.rows import TupleRow
from psycopg_pool import ConnectionPool, PoolTimeout

RV = TypeVar("RV")

FRESH_SECONDS = 1.0
"""So soon after its last use a connection is lent without a question to the server. What the kernel knows
is looked at each time, and it knows of every server that ended or restarted."""

WAKE_SECONDS = 0.1

BRIEF_SECONDS = 0.25
"""How long all but one thread wait for a connection once somebody waited in vain: or else those who wait
one after the other would hold every thread, also those that need no database."""


class PooledConnection(psycopg.Connection[TupleRow]):
    given_back_at = 0.0
    patience: float | None = None
    """Seconds that the server may let us wait for one answer; None: as long as it likes."""
    borrowed: "set[PooledConnection]"
    """What the borrower has on loan, this one included."""

    def is_fresh(self) -> bool:
        """Whether it was used just now and nothing came since: an idle connection only ever hears that
        it ended."""
        if monotonic() - self.given_back_at > FRESH_SECONDS:
            return False
        poll = select.poll()
        poll.register(self.pgconn.socket, select.POLLIN)
        return not poll.poll(0)

    def wait(
        self, gen: PQGen[RV], interval: float = WAKE_SECONDS, timeout: float | None = None
    ) -> RV:
        """As psycopg's, but never for longer than `patience`; then the connection is closed, since its
        answer may still come. Raises OperationalError."""
        try:
            return super().wait(gen, interval, self.patience if timeout is None else timeout)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.close()
            raise


class Borrower:
    """Ends with its thread."""

    __slots__ = ("__weakref__", "borrowed")

    def __init__(self, given_up: deque[PooledConnection]) -> None:
        self.borrowed: set[PooledConnection] = set()
        # At the end of the process everything ends by itself.
        weakref.finalize(self, _give_up, self.borrowed, given_up, os.getpid()).atexit = False


def _give_up(
    borrowed: set[PooledConnection], given_up: deque[PooledConnection], process: int
) -> None:
    """Nobody knows in what state a dead thread left them: they are closed, and replaced when the pool is
    asked next. The pool itself is not called from here, where its lock could be held. In a fork all
    other threads end, but their connections are the parent's."""
    if os.getpid() == process:
        for connection in tuple(borrowed):
            connection.close()
            given_up.append(connection)


class Pool(ConnectionPool[PooledConnection]):
    """psycopg's, for borrowers that may die."""

    def __init__(self, *, patience: float | None = None, **options: Any) -> None:
        """`patience`: see PooledConnection; `options`: ConnectionPool's."""
        super().__init__(connection_class=PooledConnection, open=False, **options)
        self._patience = patience
        self._thread = threading.local()
        self._given_up: deque[PooledConnection] = deque()
        self._in_vain = False
        self._waits = threading.Lock()

    def getconn(self, timeout: float | None = None) -> PooledConnection:
        """One that lives. Raises PoolTimeout when there is none within `timeout` seconds, or else the
        pool's; sooner while there was none for others and one of them still waits."""
        seconds = self.timeout if timeout is None else timeout
        waits = self._in_vain and self._waits.acquire(blocking=False)
        if self._in_vain and not waits:
            seconds = min(seconds, BRIEF_SECONDS)
        try:
            connection = self._living(monotonic() + seconds)
        except PoolTimeout:
            self._in_vain = True
            raise
        finally:
            if waits:
                self._waits.release()
        self._in_vain = False
        connection.borrowed = self._borrower().borrowed
        connection.borrowed.add(connection)
        return connection

    def _living(self, deadline: float) -> PooledConnection:
        while given_up := self._next_given_up():
            super().putconn(given_up)
        while True:
            connection = super().getconn(deadline - monotonic())
            if self._lives(connection, deadline):
                return connection
            connection.close()
            super().putconn(connection)  # which has it replaced

    def _next_given_up(self) -> PooledConnection | None:
        try:
            return self._given_up.popleft()
        except IndexError:  # asked first and taken then, it could be another thread's by then
            return None

    def putconn(self, conn: PooledConnection) -> None:
        """Take back what `getconn` lent."""
        conn.borrowed.discard(conn)
        conn.given_back_at = monotonic()
        super().putconn(conn)

    def _lives(self, connection: PooledConnection, deadline: float) -> bool:
        try:
            if not connection.is_fresh():
                connection.patience = max(deadline - monotonic(), WAKE_SECONDS)
                self.check_connection(connection)
        except psycopg.Error:
            return False
        connection.patience = self._patience
        return True

    def _borrower(self) -> Borrower:
        try:
            return self._thread.borrower  # type: ignore[no-any-return]
        except AttributeError:
            self._thread.borrower = borrower = Borrower(self._given_up)
            return borrower
