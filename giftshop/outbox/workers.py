"""Which process holds a claim, and whether it still lives.

A process that claims rows has a row of its own and renews it every three seconds, from a thread with a
connection of its own. A claim names it. When the row has been silent for ten seconds, or is gone, what
it held is due again (models.abandoned); nobody waits for the lease.

What to call: `start()` and `stop()` where a process begins and ends, or `with running(name):` around a
command; `current_worker()` for the name to write beside a lease; `is_heard()` right before something
that cannot be taken back; `abandon()` when this process could not write down how its work ended.

Plain statements only, no LISTEN, SET or session lock, so that a pooler may stand in between. All times
are the database's: the clocks of several machines need not agree.
"""

import logging
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection

from core.ids import uuid7
from giftshop.outbox.models import SILENT_AFTER, Worker

BEAT_SECONDS = 3.0
RETRY_SECONDS = 0.5
REGISTER_SECONDS = 3.0
"""How long somebody who wants to claim waits for the first beat."""
HEARD_SECONDS = SILENT_AFTER.total_seconds() - BEAT_SECONDS
"""Later than this after our last beat, somebody else may soon take what we hold."""

log = logging.getLogger(__name__)

_BEAT = """
    INSERT INTO outbox_worker (id, name, started_at, beat_at) VALUES (%s, %s, now(), now())
    ON CONFLICT (id) DO UPDATE SET beat_at = now()
"""
_LEAVE = "DELETE FROM outbox_worker WHERE id = ANY(%s)"
_FORGET = "DELETE FROM outbox_worker WHERE beat_at < now() - interval '1 day'"


class Heartbeat:
    """The beat of this process. One thread beats; any thread may ask."""

    def __init__(self, name: str) -> None:
        self.name = f"{name} {os.getpid()}@{socket.gethostname()}"[: Worker.NAME_LENGTH]
        self.id = uuid7()
        self.left: list[UUID] = []
        self.heard_at = 0.0  # monotonic, before the beat was sent: on the safe side
        self.registered = threading.Event()
        self.wanted = threading.Event()
        self.ending = threading.Event()
        self.lock = threading.Lock()
        self.where = plain_connection_params()
        self.thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)
        self.thread.start()

    def current(self) -> UUID | None:
        """The id under which the database knows us; None while it doesn't."""
        return self.id if self.registered.wait(REGISTER_SECONDS) else None

    def is_heard(self) -> bool:
        return time.monotonic() - self.heard_at < HEARD_SECONDS

    def abandon(self) -> None:
        """Go on under a new name; the old one's claims are free as soon as the database hears of it."""
        with self.lock:
            self.left.append(self.id)
            self.id = uuid7()
            self.heard_at = 0.0
            self.registered.clear()
        self.wanted.set()

    def stop(self) -> None:
        """Say goodbye: what we hold is free at once."""
        self.ending.set()
        self.wanted.set()
        self.thread.join(REGISTER_SECONDS)

    def _run(self) -> None:
        while not self.ending.is_set():
            try:
                with psycopg.connect(**self.where, autocommit=True) as plain:
                    self._beat_over(plain)
            except Exception as error:  # whatever it was: a worker that falls silent is of no use
                log.warning("worker %s: no heartbeat: %s", self.name, type(error).__name__)
                self.ending.wait(RETRY_SECONDS)

    def _beat_over(self, plain: psycopg.Connection[Any]) -> None:
        plain.execute(_FORGET)
        while not self.ending.is_set():
            self.wanted.clear()
            with self.lock:
                mine, left = self.id, list(self.left)
            began = time.monotonic()
            plain.execute(_BEAT, [mine, self.name])
            if left:
                plain.execute(_LEAVE, [left])
            with self.lock:
                self.left = [one for one in self.left if one not in left]
                if mine == self.id:
                    self.heard_at = began
                    self.registered.set()
            self.wanted.wait(BEAT_SECONDS)
        plain.execute(_LEAVE, [[self.id, *self.left]])


_heartbeat: Heartbeat | None = None
_pid = 0


def start(name: str) -> None:
    """Begin to beat, once for each process: a fork inherits no thread, and so no heartbeat either."""
    global _heartbeat, _pid
    if _heartbeat is None or _pid != os.getpid():
        _heartbeat, _pid = Heartbeat(name), os.getpid()


def stop() -> None:
    """End the beat and give back what this process holds."""
    global _heartbeat
    if heartbeat := _mine():
        heartbeat.stop()
        _heartbeat = None


@contextmanager
def running(name: str) -> Iterator[None]:
    """A command that claims: it beats during the block. Inside a worker it changes nothing."""
    if _mine():
        yield
        return
    start(name)
    try:
        yield
    finally:
        stop()


def current_worker() -> UUID | None:
    """Whom a claim of this process shall name; None, then the lease alone counts, where nothing beats
    or the database has not heard of us within three seconds."""
    heartbeat = _mine()
    return heartbeat.current() if heartbeat else None


def is_heard() -> bool:
    """Whether nobody can have taken over what we hold: ask right before what cannot be undone. Also
    True where nothing beats, since then the lease alone counts."""
    heartbeat = _mine()
    return heartbeat is None or heartbeat.is_heard()


def abandon() -> None:
    """Give up all claims of this process, because how its work ended could not be written down."""
    if heartbeat := _mine():
        heartbeat.abandon()


def _mine() -> Heartbeat | None:
    return _heartbeat if _pid == os.getpid() else None


def plain_connection_params() -> dict[str, Any]:
    """How to reach Django's database without Django, its pool and its prepared statements. A silent
    wire is noticed within seconds."""
    params = connection.get_connection_params()
    for name in ("pool", "cursor_factory", "context", "server_side_binding"):
        params.pop(name, None)
    return {**params, "prepare_threshold": None, "connect_timeout": 3, "tcp_user_timeout": 5000}
