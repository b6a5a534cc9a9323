"""Working off the outbox: claim what is due, hand it on, and let only the newest attempt finish it.

Rows are the truth. A claim is a lease (SKIP LOCKED, so relays never wait for one another) that names the
process which holds it: first the relay, then whoever runs the handler. When that process dies, the row
is claimed again within seconds (workers.py), when its task got lost after half a minute, with a higher
attempt, which fences off the dead one's late finish. Handlers run at least once.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import Error as DatabaseFailed
from django.db import transaction
from django.utils import timezone

from giftshop.outbox import workers
from giftshop.outbox.models import Message
from giftshop.outbox.outbox import subscriber, subscribers

IN_FLIGHT_MAX = 1000
BACKOFF_MAX = timedelta(hours=1)
CARRIED_MAX = timedelta(seconds=30)
"""How long a task may take from the relay to a worker before it counts as lost on the way."""

log = logging.getLogger(__name__)

Claim = tuple[UUID, int]


def claim(*, now: datetime, limit: int = IN_FLIGHT_MAX) -> list[Claim]:
    """Lease what is due, oldest first: [(message id, attempt)]. 4 statements at most."""
    with transaction.atomic():
        due = Message.objects.due(now).order_by("available_at")
        rows = take(due.select_for_update(skip_locked=True)[:limit], now=now)
    return [(row.pk, row.attempts) for row in rows]


def take(due: Iterable[Message], *, now: datetime) -> list[Message]:
    """Lease these rows, which the caller holds, and the copies that their further subscribers get."""
    rows = list(due)
    if not rows:
        return []
    rows += address([row for row in rows if not row.subscriber])
    worker_id = workers.current_worker()
    for row in rows:
        row.attempts += 1
        row.leased_until = now + min(CARRIED_MAX, settings.OUTBOX_LEASE)
        row.worker_id = worker_id
    fields = ["subscriber", "attempts", "leased_until", "worker_id"]
    Message.objects.bulk_update(rows, fields, batch_size=500)
    return rows


def address(rows: list[Message]) -> list[Message]:
    """Give what the triggers wrote to its first subscriber, and a copy to each other one."""
    copies = []
    for row in rows:
        row.subscriber, *others = subscribers(row.topic) or [""]  # nobody: deliver() will say so
        copies += [row.copy_for(name) for name in others]
    return Message.objects.bulk_create(copies)


def room(*, now: datetime) -> int:
    """How many more may be claimed before the workers would fall behind their leases."""
    return max(0, IN_FLIGHT_MAX - Message.objects.held(now).count())


def release(*, claims: list[Claim]) -> None:
    """Give back what could not be handed on."""
    for message_id, attempt in claims:
        Message.objects.filter(pk=message_id, attempts=attempt).update(
            leased_until=None, worker_id=None
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
    mine = Message.objects.filter(pk=message_id, attempts=attempt, done_at__isnull=True)
    if not mine.update(
        leased_until=now + settings.OUTBOX_LEASE, worker_id=workers.current_worker()
    ):
        return False
    message = mine.get()
    try:
        subscriber(message.topic, message.subscriber)(message)
    except Exception as error:
        log.exception("outbox: %s failed, attempt %s", message, attempt)
        mine.update(
            error=f"{type(error).__name__}: {error}"[:2000],
            leased_until=now + backoff(attempt),
            worker_id=None,
        )
        return False
    done = mine.update(done_at=timezone.now(), error="", leased_until=None, worker_id=None)
    return done == 1


def backoff(attempt: int) -> timedelta:
    """2, 4, 8 ... seconds, an hour at most."""
    return min(timedelta(seconds=2 ** min(attempt, 12)), BACKOFF_MAX)


def drain(*, now: datetime | None = None) -> int:
    """Work off everything that is due, here and now; how many were done."""
    done = 0
    while claims := claim(now=now or timezone.now(), limit=200):
        done += sum(deliver(message_id=pk, attempt=attempt, now=now) for pk, attempt in claims)
    return done
