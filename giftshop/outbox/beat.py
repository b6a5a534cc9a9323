"""Beats of which any number may run while one acts: whoever holds the lease, a row in the database.

The holder renews it every two seconds; silent for six, it has lost it to the next one that asks. When
each task was last kicked stands in the same row, so that a take-over neither repeats what was done nor
waits another hour for what is due each hour. A kick is noted after it was sent: a beat that dies in
between leaves one that is sent twice, which does no harm, never one that was noted and not sent.

Times of the lease are the database's. No session lock, LISTEN or SET: a pooler may stand in between.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from celery.beat import ScheduleEntry, Scheduler
from psycopg.types.json import Jsonb

from core.ids import uuid7
from giftshop.outbox.workers import plain_connection_params

NAME = "beat"
RENEW_SECONDS = 2.0
LEASE_SECONDS = 6

log = logging.getLogger(__name__)

_TAKE = """
    INSERT INTO outbox_lease AS lease (name, holder, until, term, last_runs)
    VALUES (%(name)s, %(holder)s, clock_timestamp() + %(seconds)s * interval '1 second', 1, '{}')
    ON CONFLICT (name) DO UPDATE
       SET holder = EXCLUDED.holder, until = EXCLUDED.until,
           term = lease.term + (lease.holder <> EXCLUDED.holder)::int
     WHERE lease.holder = EXCLUDED.holder OR lease.until < clock_timestamp()
    RETURNING term, last_runs
"""
_NOTE = """
    UPDATE outbox_lease SET last_runs = last_runs || %(ran)s, acted_at = clock_timestamp()
     WHERE name = %(name)s AND holder = %(holder)s
"""
_LEAVE = "UPDATE outbox_lease SET until = clock_timestamp() WHERE name = %(name)s AND holder = %(holder)s"


class LeaseHolder:
    """One who wants the lease. Not for several threads."""

    def __init__(self, where: Callable[[], dict[str, Any]] = plain_connection_params) -> None:
        self.where = where
        self.holder: UUID = uuid7()
        self.plain: psycopg.Connection[Any] | None = None

    def take(self) -> tuple[int, dict[str, str]] | None:
        """Take or renew the lease: its term, which grows with each change of holder, and when each
        task was last kicked; None while somebody else has it. Raises psycopg.Error."""
        taken = self._run(_TAKE, seconds=LEASE_SECONDS).fetchone()
        return (int(taken[0]), taken[1]) if taken else None

    def note(self, ran: dict[str, str]) -> bool:
        """Write down what was kicked; False when the lease has gone to somebody else."""
        return self._run(_NOTE, ran=Jsonb(ran)).rowcount == 1

    def leave(self) -> None:
        """Let the next one have it at once. Raises psycopg.Error.

        Over a connection of its own: Celery ends beat in its signal handler, perhaps in the middle of a
        statement, and whoever runs that holds the kept connection's lock until it is done.
        """
        with psycopg.connect(**self.where(), autocommit=True) as own:
            own.execute(_LEAVE, {"name": NAME, "holder": self.holder})
        self.drop()

    def drop(self) -> None:
        """Forget a connection that no longer works."""
        if self.plain is not None:
            self.plain.close()
            self.plain = None

    def _run(self, statement: str, **values: Any) -> psycopg.Cursor[Any]:
        if self.plain is None:
            self.plain = psycopg.connect(**self.where(), autocommit=True)
        return self.plain.execute(statement, {"name": NAME, "holder": self.holder, **values})


class LeasedScheduler(Scheduler):  # type: ignore[misc]  # Celery has no types
    """Celery's beat, acting only while it holds the lease."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.lease = LeaseHolder()
        self.term = 0
        super().__init__(*args, **kwargs)

    def tick(self, *_: Any, **__: Any) -> float:
        """Kick what is due; how many seconds to wait before the next look."""
        try:
            return self._act() if self._holds() else RENEW_SECONDS
        except psycopg.Error as error:
            log.warning("beat: the database is away: %s", type(error).__name__)
            self.lease.drop()
            return RENEW_SECONDS

    def close(self) -> None:
        """Hand the lease on, then let go of the broker."""
        try:
            if self.term:
                self.lease.leave()
        except psycopg.Error:
            log.warning("beat: the lease could not be handed on, it ends by itself")
        super().close()

    def _holds(self) -> bool:
        taken = self.lease.take()
        if taken is None:
            if self.term:
                log.warning("beat: another one has taken over")
            self.term = 0
            return False
        term, last_runs = taken
        if term != self.term:
            log.info("beat: it is for us to act")
            self._remember(last_runs)
            self.term = term
        return True

    def _remember(self, last_runs: dict[str, str]) -> None:
        """Go on where the last holder was. What was never kicked waits for its interval, from now on."""
        new = {}
        for name, entry in self.schedule.items():
            entry.last_run_at = entry.default_now()
            if name in last_runs:  # by a clock that may have been ahead of ours
                ran_at = datetime.fromisoformat(last_runs[name])
                entry.last_run_at = min(ran_at, entry.last_run_at)
            else:
                new[name] = entry.last_run_at.isoformat()
        if new:
            self.lease.note(new)

    def _act(self) -> float:
        wait = RENEW_SECONDS
        for name, entry in list(self.schedule.items()):
            is_due, seconds = entry.is_due()
            if not is_due:
                wait = min(wait, seconds)
            elif self._holds() and self._kick(entry):
                self.schedule[name] = kicked = next(entry)
                wait = min(wait, kicked.is_due().next)
        return max(wait, 0.01)

    def _kick(self, entry: ScheduleEntry) -> bool:
        """Send one task, with a producer that gives up soon: the lease must be renewed meanwhile. When
        the broker is away the entry stays due."""
        try:
            self.apply_async(entry, producer=None, advance=False)
        except Exception as error:
            log.warning("beat: %s was not sent: %s", entry.name, type(error.__cause__ or error))
            return False
        return self.lease.note({entry.name: entry.default_now().isoformat()})
