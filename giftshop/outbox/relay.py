"""Working off the outbox: claim what is due, do it, and let only the newest attempt finish it.

Rows are the truth, and workers take them by themselves; Celery only wakes them. One at a time goes what
reaches outside: a claim is a lease (SKIP LOCKED, so workers never wait for one another) that names the
process which holds it. When that process dies, the row is claimed again within seconds (workers.py) with
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
from operator import attrgetter
from uuid import UUID

from django.conf import settings
from django.db import Error as DatabaseFailed
from django.db import transaction
from django.utils import timezone

from giftshop.logs import scrub_error
from giftshop.outbox import batches, workers
from giftshop.outbox.backlog import fan_out, waiting_in
from giftshop.outbox.groups import GROUP_SECONDS, Groups, by_attempt, mark_done
from giftshop.outbox.models import Message, MessageQuerySet
from giftshop.outbox.outbox import NotYet, Queue, subscriber
from giftshop.outbox.retry import backoff

GROUP, GROUP_MAX = 25, 200
"""How many a worker claims at once, and holds when it dies. While it is done with each group in time it
claims twice as many, up to the second number."""

_LEASE = """
    WITH due (id) AS ({due})
    UPDATE outbox_message m SET attempts = m.attempts + 1, leased_until = %s, worker_id = %s
      FROM due WHERE m.id = due.id RETURNING m.*
"""

_RENEW = """
    UPDATE outbox_message SET leased_until = %s, worker_id = %s
     WHERE id = %s AND attempts = %s AND done_at IS NULL RETURNING *
"""

log = logging.getLogger(__name__)

Claim = tuple[UUID, int]


def claim(*, now: datetime, queue: Queue = Queue.OTHERS, limit: int = GROUP) -> list[Claim]:
    """Lease what is due, oldest first: [(message id, attempt)]. 3 statements, and 2 more where triggers
    wrote some of it."""
    return [(row.pk, row.attempts) for row in _claim(now, queue, limit)]


def _claim(now: datetime, queue: Queue, limit: int) -> list[Message]:
    return lease(waiting_in(queue, now=now).order_by("available_at")[:limit], now=now)


def lease(due: MessageQuerySet, *, now: datetime) -> list[Message]:
    """Lease these rows but those that somebody else is at, oldest first. Copies for further subscribers wait
    for their turn."""
    until, worker_id = now + settings.OUTBOX_LEASE, workers.current_worker()
    with transaction.atomic():
        sql, params = due.select_for_update(skip_locked=True).values("pk").query.sql_with_params()
        rows = list(Message.objects.raw(_LEASE.format(due=sql), [*params, until, worker_id]))
        if nameless := [row for row in rows if not row.subscriber]:
            fan_out(nameless)
            Message.objects.bulk_update(nameless, ["subscriber"])
    return sorted(rows, key=attrgetter("available_at"))


def release(*, claims: list[Claim]) -> None:
    """Give back what was not come to. It was no attempt: when one fails, the wait goes by those made."""
    for attempt, ids in by_attempt(claims).items():
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
    mine = Message.objects.filter(pk=message.pk, attempts=message.attempts, done_at__isnull=True)
    wait = {"leased_until": now + backoff(message.attempts), "worker_id": None}
    try:
        return act()
    except NotYet:
        mine.update(error="", **wait)
    except Exception as error:
        log.exception("outbox: %s failed, attempt %s", message, message.attempts)
        mine.update(error=scrub_error(error), **wait)
    return None


def deliver_group(
    queue: Queue, *, ends: float, now: datetime | None = None, limit: int = GROUP
) -> tuple[int, int]:
    """Claim a group and deliver it; what is not begun by `ends` (monotonic seconds), or within GROUP_SECONDS,
    is given back. How many were claimed, and how many done."""
    rows = _claim(now or timezone.now(), queue, limit)
    ends = min(ends, time.monotonic() + GROUP_SECONDS)
    try:
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
        release(claims=[(row.pk, row.attempts) for row in rows[begun:]])
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
            limit = min(limit * 2, GROUP_MAX) if some == limit else GROUP
        done += some
    return done, found > 0


def drain(*, now: datetime | None = None) -> int:
    """Work off everything that is due, here and now; how many were done."""
    total = 0
    while done := sum(work(queue, now=now)[0] for queue in Queue):
        total += done
    return total
