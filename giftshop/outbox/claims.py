"""Which due rows are whose turn, and taking them: by lock alone, or by a lease.

Three kinds of rows are due: those that nobody took yet, those whose lease or wait is over, and those that a
dead worker holds. Each is read along an index of its own, so that what others hold is passed over by nobody,
however much that is: a claim costs the same while a hundred thousand rows are leased. `MessageQuerySet.due`
says the same in the ORM's words, for whoever only looks.
"""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from giftshop.outbox import workers
from giftshop.outbox.backlog import fan_out
from giftshop.outbox.models import SILENT_AFTER, Message
from giftshop.outbox.outbox import Queue, heard_in

_DUE = """
    WITH RECURSIVE holder (id) AS (
        (SELECT worker_id FROM outbox_message WHERE done_at IS NULL AND worker_id IS NOT NULL
          ORDER BY worker_id LIMIT 1)
        UNION ALL
        SELECT (SELECT worker_id FROM outbox_message WHERE done_at IS NULL AND worker_id > holder.id
                 ORDER BY worker_id LIMIT 1)
          FROM holder WHERE holder.id IS NOT NULL
    ), alive AS (
        SELECT id FROM outbox_worker
         WHERE greatest(beat_at, pg_postmaster_start_time()) > now() - %(silent_after)s
    ), untaken AS MATERIALIZED (
        SELECT id, available_at FROM outbox_message
         WHERE done_at IS NULL AND leased_until IS NULL AND available_at <= %(now)s AND {ours}
         ORDER BY available_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
    ), lapsed AS MATERIALIZED (
        SELECT id, available_at FROM outbox_message
         WHERE done_at IS NULL AND leased_until <= %(now)s AND available_at <= %(now)s AND {ours}
         ORDER BY leased_until LIMIT %(limit)s FOR UPDATE SKIP LOCKED
    ), orphaned AS MATERIALIZED (
        SELECT id, available_at FROM outbox_message
         WHERE done_at IS NULL AND leased_until > %(now)s AND available_at <= %(now)s AND {ours}
           AND worker_id = ANY(ARRAY(SELECT id FROM holder WHERE id NOT IN (SELECT id FROM alive)))
         ORDER BY worker_id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
    ), due AS (
        SELECT id FROM (TABLE untaken UNION ALL TABLE lapsed UNION ALL TABLE orphaned) every
         ORDER BY available_at LIMIT %(limit)s
    )
"""
"""Who holds anything is found by leaping from one worker to the next along an index."""

_OURS = """
    (subscriber = ANY(%(names)s) OR subscriber = '' AND topic = ANY(%(topics)s)) = %(is_named)s
    AND (%(brand_id)s::uuid IS NULL OR brand_id = %(brand_id)s::uuid)
"""

_LOCK = _DUE.format(ours=_OURS) + "SELECT id FROM due"  # nosec B608  # of our own words

_TAKE = """
    , taken AS (
        UPDATE outbox_message m
           SET attempts = m.attempts + 1, leased_until = %(until)s, worker_id = %(worker_id)s
          FROM due WHERE m.id = due.id
        RETURNING m.id, m.attempts, m.available_at, m.subscriber = '' AS is_nameless
    )
    SELECT id, attempts, is_nameless FROM taken ORDER BY available_at
"""

_LEASE = _DUE.format(ours=_OURS) + _TAKE


class Leased(NamedTuple):
    id: UUID
    attempt: int


def lock(queue: Queue, *, now: datetime, limit: int, brand_id: UUID | None = None) -> list[UUID]:
    """Until the end of the transaction. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, _parameters(queue, now, limit, brand_id))
        return [pk for (pk,) in cursor.fetchall()]


def lease(
    queue: Queue, *, now: datetime, limit: int | None, brand_id: UUID | None = None
) -> list[Leased]:
    """Take the oldest but those that somebody else is at; oldest first. Of those that waited after a failure,
    the ones that have waited longest for their turn. Copies for further subscribers wait for theirs.
    Three statements, and three more where triggers wrote some of it."""
    until, worker_id = now + settings.OUTBOX_LEASE, workers.current_worker()
    told = {**_parameters(queue, now, limit, brand_id), "until": until, "worker_id": worker_id}
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_LEASE, told)
            found = cursor.fetchall()
        if nameless := [pk for pk, _attempt, is_nameless in found if is_nameless]:
            rows = list(Message.objects.filter(pk__in=nameless))
            fan_out(rows)
            Message.objects.bulk_update(rows, ["subscriber"])
    return [Leased(pk, attempt) for pk, attempt, _is_nameless in found]


def _parameters(
    queue: Queue, now: datetime, limit: int | None, brand_id: UUID | None
) -> dict[str, Any]:
    """What nobody knows how to do is among the others, as what is in no other queue."""
    others = [other for other in Queue if other is not Queue.OTHERS]
    heard = [heard_in(each) for each in (others if queue is Queue.OTHERS else [queue])]
    return {
        "now": now,
        "limit": limit,
        "brand_id": brand_id,
        "silent_after": SILENT_AFTER,
        "names": [name for names, _topics in heard for name in names],
        "topics": [topic for _names, topics in heard for topic in topics],
        "is_named": queue is not Queue.OTHERS,
    }
