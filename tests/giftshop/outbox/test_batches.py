"""Batches: all or nothing, exactly once, and no message stops another."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from threading import Thread
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import F

from core.ids import uuid7
from giftshop.outbox import batches, outbox, relay
from giftshop.outbox.models import Message
from giftshop.outbox.outbox import Queue
from giftshop.outbox.topics import Topic

NOW = datetime.fromisoformat("2026-05-03T12:00:00+00:00")
TOPIC, NAME = Topic.GIFT_READY, "test.counter"


@pytest.fixture
def handed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[list[int]]]:
    """What a batch subscriber of our own was handed; it cannot handle what is called -1."""
    for registry in ("_subscribers", "_queues", "_batch_handlers"):
        monkeypatch.setattr(outbox, registry, dict(getattr(outbox, registry)))
    outbox._subscribers[TOPIC] = {}
    seen: list[list[int]] = []

    @outbox.subscribe_batch(TOPIC, name=NAME)
    def count(messages: list[Message]) -> None:
        numbers = [message.payload["n"] for message in messages]
        seen.append(numbers)
        if -1 in numbers:
            raise ValueError("cannot be counted")
        if -2 in numbers:
            raise OperationalError("the database is away")

    return seen


def tell(*numbers: int, subscriber: str = NAME) -> None:
    Message.objects.bulk_create(
        Message(
            topic=TOPIC,
            subscriber=subscriber,
            brand_id=uuid7(),
            payload={"n": n},
            available_at=NOW,
            occurred_at=NOW,
        )
        for n in numbers
    )


def waiting() -> list[int]:
    return sorted(message.payload["n"] for message in Message.objects.filter(done_at=None))


@pytest.mark.django_db
def test_one_batch_is_handed_over_whole_and_once(handed: list[list[int]]) -> None:
    tell(*range(20))
    assert batches.take(now=NOW) == (20, 20)
    assert batches.take(now=NOW) == (0, 0)
    assert sorted(handed[0]) == list(range(20))
    assert len(handed) == 1


@pytest.mark.django_db
def test_what_a_trigger_wrote_is_addressed_in_the_same_commit(handed: list[list[int]]) -> None:
    tell(1, 2, subscriber="")
    assert relay.drain(now=NOW) == 2
    assert set(Message.objects.values_list("subscriber", flat=True)) == {NAME}


@pytest.mark.django_db
def test_many_cost_as_many_statements_as_few(
    handed: list[list[int]], django_assert_num_queries: Any
) -> None:
    for count in (2, batches.BATCH):
        tell(*range(count), subscriber="")
        with django_assert_num_queries(9):
            assert batches.take(now=NOW) == (count, count)


@pytest.mark.django_db
def test_a_message_that_cannot_be_handled_stops_no_other(handed: list[list[int]]) -> None:
    tell(*range(30), -1, *range(30, 50), -1)
    assert batches.take(now=NOW) == (52, 50)
    assert waiting() == [-1, -1]
    [bad, _] = Message.objects.filter(done_at=None)
    assert bad.error == "ValueError: cannot be counted"
    assert (bad.attempts, bad.leased_until) == (1, NOW + timedelta(seconds=2))
    assert len(handed) < 30  # looked for by halves
    assert batches.take(now=NOW + timedelta(seconds=1)) == (0, 0)
    assert batches.take(now=NOW + timedelta(seconds=2)) == (2, 0)
    bad.refresh_from_db()
    assert (bad.attempts, bad.leased_until) == (2, NOW + timedelta(seconds=6))
    Message.objects.filter(done_at=None).update(payload={"n": 99})
    assert batches.take(now=NOW + timedelta(seconds=6)) == (2, 2)
    assert not Message.objects.exclude(error="").exists()


@pytest.mark.django_db
def test_when_the_database_fails_nobody_is_to_blame(handed: list[list[int]]) -> None:
    tell(1, -2, 3)
    with pytest.raises(OperationalError):
        batches.take(now=NOW)
    assert waiting() == [-2, 1, 3]
    untouched = set(Message.objects.values_list("error", "attempts", "leased_until"))
    assert untouched == {("", 0, None)}


@pytest.mark.django_db
def test_a_key_that_only_the_commit_would_refuse_stops_no_other(
    handed: list[list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def check() -> None:
        if -3 in handed[-1]:
            raise IntegrityError("violates foreign key constraint")

    monkeypatch.setattr(connection, "check_constraints", check)
    tell(1, -3, 3)
    assert batches.take(now=NOW) == (3, 2)
    assert waiting() == [-3]


@pytest.mark.django_db(transaction=True)
def test_two_takers_share_what_is_due(handed: list[list[int]]) -> None:
    tell(*range(5))
    taken: list[tuple[int, int]] = []

    def take() -> None:
        try:
            taken.append(batches.take(now=NOW))
        finally:
            connection.close()

    with transaction.atomic():
        held = Message.objects.filter(subscriber=NAME).select_for_update()[:3]
        assert len(held) == 3
        thread = Thread(target=take)
        thread.start()
        thread.join(timeout=20)
    assert taken == [(2, 2)]
    assert batches.take(now=NOW) == (3, 3)


@pytest.mark.django_db
def test_one_delivered_alone_is_done_as_well(handed: list[list[int]]) -> None:
    tell(7)
    [(pk, attempt)] = relay.claim(now=NOW, queue=Queue.FACTS)
    assert relay.deliver(message_id=pk, attempt=attempt, now=NOW)
    assert handed == [[7]]
    assert Message.objects.filter(done_at__isnull=False, attempts=F("attempts")).count() == 1
