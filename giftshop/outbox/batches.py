"""Messages that are seen to many at a time, each exactly once (Queue.FACTS).

A batch is one transaction: its rows are locked (SKIP LOCKED: any number may take at once), handled and
marked as done, all or nothing. It needs no lease, since whoever dies in between gives its locks back.
"""

import logging
from collections import defaultdict
from datetime import datetime
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from giftshop.logs import scrub_error
from giftshop.outbox import claims
from giftshop.outbox.backlog import fan_out
from giftshop.outbox.models import Message
from giftshop.outbox.outbox import BatchHandler, Queue, batch_handler
from giftshop.outbox.retry import backoff

BATCH = 500

log = logging.getLogger(__name__)


def take(*, now: datetime, brand_id: UUID | None = None) -> tuple[int, int]:
    """See to one batch of what is due, of one brand or of all: how many were found, and how many done.

    A message that cannot be handled is looked for by halves, so that it stops no other; it is noted on
    its row, which waits longer after each failure. When the database itself fails, it raises, and all
    is as it was.
    """
    with transaction.atomic():
        ids = claims.lock(Queue.FACTS, now=now, limit=BATCH, brand_id=brand_id)
        rows = list(Message.objects.filter(pk__in=ids).order_by("available_at"))
        fan_out([row for row in rows if not row.subscriber])
        done = _handle(rows, now)
        _mark(done)
    return len(rows), len(done)


def _handle(rows: list[Message], now: datetime) -> list[Message]:
    """The ones that could be handled."""
    if not rows:
        return []
    try:
        with transaction.atomic():
            for handler, messages in _by_handler(rows).items():
                handler(messages)
            connection.check_constraints()  # or a wrong key would fail them all, at the commit
        return rows
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        if len(rows) == 1:
            _note(rows[0], error, now)
            return []
    half = len(rows) // 2
    return _handle(rows[:half], now) + _handle(rows[half:], now)


def _by_handler(rows: list[Message]) -> dict[BatchHandler, list[Message]]:
    grouped: dict[BatchHandler, list[Message]] = defaultdict(list)
    for row in rows:
        grouped[batch_handler(row.subscriber)].append(row)
    return grouped


def _note(row: Message, error: Exception, now: datetime) -> None:
    log.error("outbox: %s failed", row, exc_info=error)
    row.attempts += 1
    row.error = scrub_error(error)
    row.leased_until = now + backoff(row.attempts)
    row.save(update_fields=["subscriber", "attempts", "error", "leased_until"])


def _mark(done: list[Message]) -> None:
    """One statement for each subscriber, since a trigger's rows are given their name here, too."""
    by_name: dict[str, list[UUID]] = defaultdict(list)
    for row in done:
        by_name[row.subscriber].append(row.pk)
    for name, ids in by_name.items():
        Message.objects.filter(pk__in=ids).update(
            subscriber=name, done_at=timezone.now(), error="", leased_until=None
        )
