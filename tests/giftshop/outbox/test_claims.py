"""Whoever claims gets what is due, all of it, oldest first; and passes over nothing that others hold."""

import itertools
import json
import math
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import OperationalError, connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from core.ids import uuid7
from giftshop.outbox import claims, relay, workers
from giftshop.outbox.backlog import waiting_in
from giftshop.outbox.models import Message, Worker
from giftshop.outbox.outbox import Queue, heard_in
from giftshop.outbox.topics import Topic

pytestmark = pytest.mark.django_db

MANY = 5_000
AN_HOUR = timedelta(hours=1)


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def worker(silent_for: timedelta) -> UUID:
    heard = Now() - silent_for
    made = Worker.objects.create(name="somebody", started_at=heard, beat_at=heard)
    return UUID(str(made.pk))


def message(now: datetime, **fields: Any) -> Message:
    told = {"topic": Topic.GIFT_READY, "subscriber": "delivery.gift", "available_at": now, **fields}
    return Message(brand_id=uuid7(), payload={}, occurred_at=now, **told)


def of_every_kind(now: datetime) -> Iterator[Message]:
    """In every state, for every queue, by trigger or by name, and such as nobody knows what to do with."""
    holders = [None, worker(timedelta()), worker(timedelta(minutes=1)), uuid7()]
    leases = [(now + wait, holder) for wait in (-AN_HOUR, AN_HOUR) for holder in holders]
    meant = [("", Topic.GIFT_READY), ("", Topic.CODE_REDEEMED), ("test.gone", Topic.GIFT_READY)]
    meant += [(heard_in(queue)[0][0], Topic.GIFT_READY) for queue in Queue]
    for lease, (name, topic), is_done, wait in itertools.product(
        [(None, None), *leases], meant, (True, False), (-AN_HOUR, AN_HOUR)
    ):
        yield message(
            now,
            topic=topic,
            subscriber=name,
            leased_until=lease[0],
            worker_id=lease[1],
            available_at=now + wait,
            done_at=now if is_done else None,
        )


@pytest.mark.parametrize("queue", Queue)
def test_a_claim_takes_what_is_due_and_no_more(queue: Queue, now: datetime) -> None:
    Message.objects.bulk_create(of_every_kind(now))
    due = {row.pk for row in waiting_in(queue, now=now)}
    assert due
    with transaction.atomic():
        assert set(claims.lock(queue, now=now, limit=MANY)) == due
    leased = claims.lease(queue, now=now, limit=MANY)
    assert {each.id for each in leased} == due
    assert len(leased) == len(due), "each once"
    assert claims.lease(queue, now=now, limit=MANY) == []


def test_one_brands_alone(now: datetime) -> None:
    one, _other = Message.objects.bulk_create([message(now), message(now)])
    with transaction.atomic():
        found = claims.lock(Queue.MAIL, now=now, limit=9, brand_id=one.brand_id)
        assert found == [one.pk]


def test_the_oldest_go_first_whatever_became_of_them(now: datetime) -> None:
    """What failed and waited, and what a dead worker held, stands before what is newer; and after what is
    older."""
    kinds: list[dict[str, Any]] = [
        {},
        {"leased_until": now - AN_HOUR},
        {"leased_until": now + AN_HOUR, "worker_id": uuid7()},
        {},
        {"leased_until": now - timedelta(seconds=1)},
    ]
    rows = [
        message(now, available_at=now - timedelta(minutes=9 - number), **kind)
        for number, kind in enumerate(kinds)
    ]
    Message.objects.bulk_create(rows)
    found = [claims.lease(Queue.MAIL, now=now, limit=1) for _ in rows]
    assert [each.id for (each,) in found] == [row.pk for row in rows]


def test_what_is_read_later_is_ours_still(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody held us for dead before we read what we had claimed."""
    Message.objects.bulk_create([message(now), message(now)])
    claim = relay.claim

    def late(**wanted: Any) -> list[relay.Claim]:
        found = claim(**wanted)
        Message.objects.filter(pk=found[0][0]).update(attempts=2)
        return found

    monkeypatch.setattr(relay, "claim", late)
    rows = relay._claim_rows(now, Queue.MAIL, 9)
    assert [row.attempts for row in rows] == [1]


def test_what_was_claimed_and_could_not_be_read_is_given_up(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or it would be this worker's, who lives and knows nothing of it, until the lease ends."""
    Message.objects.bulk_create([message(now)])
    given_up = list[bool]()

    def fails(*_asked: object) -> None:
        raise OperationalError

    monkeypatch.setattr(workers, "abandon", lambda: given_up.append(True))
    monkeypatch.setattr(Message.objects, "raw", fails)
    with pytest.raises(OperationalError):
        relay.deliver_group(Queue.MAIL, ends=math.inf)
    assert Message.objects.get().attempts == 1
    assert given_up == [True]


def rows_read(sql: str, parameters: Any) -> int:
    """Of the outbox, by this statement."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", parameters)
        [[told]] = cursor.fetchall()
    plans = [(json.loads(told) if isinstance(told, str) else told)[0]["Plan"]]
    read = 0
    while plans:
        plan = plans.pop()
        plans += plan.get("Plans", [])
        if plan.get("Relation Name") == "outbox_message":
            seen = plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)
            read += seen * plan["Actual Loops"]
    return read


def test_what_others_hold_is_passed_over_by_nobody(now: datetime) -> None:
    """Thousands that living workers have leased, thousands that failed and wait: whoever claims reads none of
    them. Read the way that says only what is due, each of them is looked at."""
    holder = worker(timedelta())
    held = {"available_at": now - AN_HOUR, "leased_until": now + AN_HOUR, "attempts": 1}
    Message.objects.bulk_create(message(now, worker_id=holder, **held) for _ in range(MANY))
    Message.objects.bulk_create(message(now, error="451 later", **held) for _ in range(MANY))
    Message.objects.bulk_create(message(now) for _ in range(20))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE outbox_message")
    wanted = claims._parameters(Queue.MAIL, now, 10, None)
    assert rows_read(claims._LOCK, wanted) < 50
    plainly = waiting_in(Queue.MAIL, now=now).order_by("available_at")[:10]
    assert rows_read(*plainly.query.sql_with_params()) > 2 * MANY
