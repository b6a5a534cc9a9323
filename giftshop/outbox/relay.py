"""Working off the outbox: claim what is due, do it, and let only the newest attempt finish it.

Rows are the truth, and workers take them by themselves; Celery only wakes them. One at a time goes what
reaches outside: a claim is a lease (claims.py: SKIP LOCKED, so workers never wait for one another) that names
the process which holds it. When that process dies, the row is claimed again within seconds (workers.py) with
a higher attempt, which fences off the dead one's late finish. Such handlers run at least once. What they need
may be read, and what follows be written, for all that were claimed at once: groups.py. What stays in the
database goes in batches, exactly once: batches.py.
"""

import logging
import math
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db import Error as DatabaseFailed
from django.utils import timezone

from giftshop.logs import scrub_error
from giftshop.outbox import batches, claims, workers
from giftshop.outbox.groups import GROUP_SECONDS, Groups, by_attempt, mark_done
from giftshop.outbox.models import Message
from giftshop.outbox.outbox import NotYet, Queue, subscriber
from giftshop.outbox.retry import backoff

GROUP, GROUP_MAX = 25, 400
"""How many a worker claims at once, and holds when it dies. After a group that it was done with in time it
claims twice as many, up to the second number; after any other half as many, down to the first."""

_RENEW = """
    UPDATE outbox_message SET leased_until = %s, worker_id = %s
     WHERE id = %s AND attempts = %s AND done_at IS NULL RETURNING *
"""

_READ = """
    SELECT id, topic, subscriber, brand_id, payload, attempts FROM outbox_message WHERE id = ANY(%s)
"""
"""What a group wants to know of them; each that goes to its handler is read anew."""

log = logging.getLogger(__name__)

Claim = tuple[UUID, int]


def claim(*, now: datetime, queue: Queue = Queue.OTHERS, limit: int = GROUP) -> list[Claim]:
    """Lease what is due, oldest first: [(message id, attempt)]. 3 statements, and 3 more where triggers
    wrote some of it."""
    return [(each.id, each.attempt) for each in claims.lease(queue, now=now, limit=limit)]


def _claim_rows(now: datetime, queue: Queue, limit: int) -> list[Message]:
    """What they say is read once they are held; what was taken from us in between is left to whom has it."""
    attempt_of = dict(claim(now=now, queue=queue, limit=limit))
    if not attempt_of:
        return []
    rows = Message.objects.raw(_READ, [list(attempt_of)])
    order = {pk: place for place, pk in enumerate(attempt_of)}
    ours = [row for row in rows if row.attempts == attempt_of[row.pk]]
    return sorted(ours, key=lambda row: order[row.pk])


def release(held: list[Claim]) -> None:
    """Give back what was not come to. It was no attempt: when one fails, the wait goes by those made."""
    for attempt, ids in by_attempt(held).items():
        Message.objects.filter(pk__in=ids, attempts=attempt).update(
            attempts=attempt - 1, leased_until=None, worker_id=None
        )


def deliver(*, message_id: UUID, attempt: int, now: datetime | None = None) -> bool:
    """Run the message's handler if this is still its newest attempt; True when it is done by us.

    A failing handler is logged and kept on the row, which waits longer after each failure. What the
    database does not let us write down is given up for others to take: it raises.
    """
    now = now or timezone.now()
    try:
        return _deliver(message_id, attempt, now)
    except DatabaseFailed:
        workers.abandon()
        raise


def _deliver(message_id: UUID, attempt: int, now: datetime) -> bool:
    leased_until, worker_id = now + settings.OUTBOX_LEASE, workers.current_worker()
    renewed = list(Message.objects.raw(_RENEW, [leased_until, worker_id, message_id, attempt]))
    if not renewed:
        return False
    [message] = renewed

    def handle() -> bool:
        subscriber(message.topic, message.subscriber)(message)
        return True

    return bool(_outcome(message, handle, now) and mark_done([message]))


def _outcome(message: Message, act: Callable[[], bool], now: datetime) -> bool | None:
    """What it answers; None where it failed or has to wait, which is written on the row."""
    try:
        return act()
    except NotYet:
        _put_off(message, now)
    except Exception as error:
        log.exception("outbox: %s failed, attempt %s", message, message.attempts)
        _put_off(message, now, scrub_error(error))
    return None


def _put_off(message: Message, now: datetime, error: str = "") -> None:
    mine = Message.objects.filter(pk=message.pk, attempts=message.attempts, done_at__isnull=True)
    mine.update(leased_until=now + backoff(message.attempts), worker_id=None, error=error)


def deliver_group(
    queue: Queue, *, ends: float, now: datetime | None = None, limit: int = GROUP
) -> tuple[int, int]:
    """Claim a group and deliver it; what is not begun by `ends` (monotonic seconds), or within GROUP_SECONDS,
    is given back. How many were claimed, and how many done."""
    try:
        rows = _claim_rows(now or timezone.now(), queue, limit)
        ends = min(ends, time.monotonic() + GROUP_SECONDS)
        return len(rows), _deliver_rows(rows, ends, now)
    except DatabaseFailed:
        workers.abandon()
        raise


def _deliver_rows(rows: list[Message], ends: float, now: datetime | None) -> int:
    groups, done, begun = Groups(rows), 0, 0
    try:
        for row in rows:
            if begun and time.monotonic() >= ends:
                break
            begun += 1
            taken = _outcome(row, partial(groups.take, row), now or timezone.now())
            if taken is False:
                done += deliver(message_id=row.pk, attempt=row.attempts, now=now)
    finally:
        done += groups.settle()
        release([(row.pk, row.attempts) for row in rows[begun:]])
    return done


def work(
    queue: Queue, *, seconds: float = math.inf, now: datetime | None = None
) -> tuple[int, bool]:
    """Work off what is due in a queue, for so many seconds at most: how many were done, and whether
    more may be waiting."""
    ends, done, found, limit = time.monotonic() + seconds, 0, 1, GROUP
    while found and time.monotonic() < ends:
        if queue is Queue.FACTS:
            found, some = batches.take(now=now or timezone.now())
        else:
            found, some = deliver_group(queue, ends=ends, now=now, limit=limit)
            limit = min(limit * 2, GROUP_MAX) if some == limit else max(limit // 2, GROUP)
        done += some
    return done, found > 0


def drain(*, now: datetime | None = None) -> int:
    """Work off everything that is due, here and now; how many were done."""
    total = 0
    while done := sum(work(queue, now=now)[0] for queue in Queue):
        total += done
    return total
