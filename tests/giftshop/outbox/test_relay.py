import math
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from core.ids import uuid7
from giftshop.outbox import outbox, relay, retry, tasks
from giftshop.outbox.backlog import waiting_in
from giftshop.outbox.models import Message
from giftshop.outbox.outbox import Queue
from giftshop.outbox.topics import Topic

NOW = datetime.fromisoformat("2026-05-03T12:00:00+00:00")
TOPIC, UNHEARD = Topic.GIFT_READY, Topic.GIFT_THANKED


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Message]]:
    """A topic with no listener but ours."""
    seen: list[Message] = []
    monkeypatch.setitem(outbox._subscribers, TOPIC, {"test.listener": seen.append})
    return seen


def tell(**fields: Any) -> Message:
    with transaction.atomic():
        [message] = outbox.emit(
            topic=TOPIC, brand_id=uuid7(), payload={"n": 1}, **{"now": NOW, **fields}
        )
    return message


@pytest.mark.django_db
class TestEmit:
    def test_a_message_exists_exactly_if_the_change_does(self, heard: list[Message]) -> None:
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            outbox.emit(topic=TOPIC, brand_id=uuid7(), payload={})
            raise ZeroDivisionError
        assert not Message.objects.exists()

    def test_a_topic_nobody_listens_to_writes_nothing(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delitem(outbox._subscribers, UNHEARD)
        with transaction.atomic():
            assert outbox.emit(topic=UNHEARD, brand_id=uuid7(), payload={}) == []


@pytest.mark.django_db(transaction=True)
def test_emitting_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError, match="inside the transaction"):
        outbox.emit(topic=TOPIC, brand_id=uuid7(), payload={})


@pytest.mark.django_db
class TestRelay:
    def test_what_is_due_is_delivered_once(self, heard: list[Message]) -> None:
        tell()
        assert relay.drain(now=NOW) == 1
        assert relay.drain(now=NOW) == 0
        assert [message.payload for message in heard] == [{"n": 1}]

    def test_what_is_scheduled_waits_for_its_time(self, heard: list[Message]) -> None:
        tell(available_at=NOW + timedelta(days=1))
        assert relay.drain(now=NOW + timedelta(hours=23, minutes=59)) == 0
        assert relay.drain(now=NOW + timedelta(days=1)) == 1

    def test_a_claimed_message_is_left_alone_until_its_lease_ends(
        self, heard: list[Message], settings: Any
    ) -> None:
        tell()
        assert len(relay.claim(now=NOW)) == 1
        assert relay.claim(now=NOW + timedelta(seconds=1)) == []
        assert len(relay.claim(now=NOW + settings.OUTBOX_LEASE)) == 1

    def test_a_worker_whose_lease_ended_cannot_finish(
        self, heard: list[Message], settings: Any
    ) -> None:
        tell()
        [(pk, old)] = relay.claim(now=NOW)
        [(_, new)] = relay.claim(now=NOW + settings.OUTBOX_LEASE)
        assert relay.deliver(message_id=pk, attempt=old) is False
        assert heard == []
        assert relay.deliver(message_id=pk, attempt=new) is True
        assert relay.deliver(message_id=pk, attempt=new) is False
        assert len(heard) == 1

    def test_a_failure_is_kept_and_tried_again_later(self, monkeypatch: pytest.MonkeyPatch) -> None:
        calls: list[int] = []

        def fails_twice(message: Message) -> None:
            calls.append(message.attempts)
            if len(calls) < 3:
                raise ConnectionError("no mail server")

        monkeypatch.setitem(outbox._subscribers, TOPIC, {"test.listener": fails_twice})
        message = tell()
        assert relay.drain(now=NOW) == 0
        message.refresh_from_db()
        assert "ConnectionError: no mail server" in message.error
        assert relay.drain(now=NOW + timedelta(seconds=1)) == 0
        assert relay.drain(now=NOW + timedelta(seconds=2)) == 0
        assert relay.drain(now=NOW + timedelta(seconds=6)) == 1
        assert calls == [1, 2, 3]
        message.refresh_from_db()
        assert (message.error, message.leased_until) == ("", None)

    def test_the_wait_doubles_up_to_an_hour(self) -> None:
        assert [retry.backoff(n).seconds for n in (1, 2, 3)] == [2, 4, 8]
        assert retry.backoff(100) == timedelta(hours=1)

    def test_a_message_for_a_forgotten_subscriber_stays(self, heard: list[Message]) -> None:
        message = tell()
        Message.objects.update(subscriber="test.gone")
        assert relay.drain(now=NOW) == 0
        message.refresh_from_db()
        assert "KeyError" in message.error

    def test_what_a_turn_was_too_short_for_is_given_back(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seen: list[Message] = []
        monkeypatch.setitem(outbox._subscribers, TOPIC, {"test.listener": seen.append})
        for _ in range(3):
            tell()
        assert relay.work(Queue.OTHERS, seconds=0, now=NOW) == (0, True)
        assert relay.deliver_group(Queue.OTHERS, ends=0.0, now=NOW) == (3, 1)
        given_back = Message.objects.filter(leased_until__isnull=True, done_at=None)
        assert [message.attempts for message in given_back] == [0, 0]  # or a failure waits longer
        assert relay.work(Queue.OTHERS, now=NOW) == (2, False)
        assert len(seen) == 3

    def test_a_worker_that_has_not_finished_calls_for_another_turn(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        called: list[tuple[object, object]] = []
        monkeypatch.setattr(
            tasks.work, "apply_async", lambda args, queue, expires: called.append((args, queue))
        )
        tasks.work("mail")
        assert called == []
        monkeypatch.setattr(relay, "work", lambda queue, seconds: (50, True))
        tasks.work("mail")
        assert called == [(["mail"], "mail")]

    def test_a_mail_server_that_hangs_has_no_worker_to_itself(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Ten seconds without an answer: nobody else's turn comes for as long, so the worker stays away
        from this queue, and from no other. One that is slow but answers is not left."""
        clock, turns = [100.0], list[Queue]()
        monkeypatch.setattr(tasks, "_rests_until", {})
        monkeypatch.setattr(tasks.time, "monotonic", lambda: clock[0])
        monkeypatch.setattr(tasks.work, "apply_async", lambda *args, **more: None)

        def turn(done: int, found: bool = True) -> None:
            def hangs(queue: Queue, seconds: float) -> tuple[int, bool]:
                turns.append(queue)
                clock[0] += 10
                return done, found

            monkeypatch.setattr(relay, "work", hangs)
            tasks.work("mail")

        turn(done=1)
        for _ in range(2):
            turn(done=0, found=False)  # it was the database that was slow
        assert turns == [Queue.MAIL] * 3
        for _ in range(3):
            turn(done=0)
        assert turns == [Queue.MAIL] * 4  # and then two rests
        tasks.work("money")
        tasks.work("facts")
        tasks.work("facts")
        assert turns[4:] == [Queue.MONEY, Queue.FACTS, Queue.FACTS]
        clock[0] += tasks.REST_SECONDS[1]
        turn(done=1)
        assert turns[-1] is Queue.MAIL

    def test_each_queue_holds_its_own(
        self, heard: list[Message], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(outbox._queues, "test.listener", Queue.MAIL)
        mail = tell()
        told_by_trigger(TOPIC)
        monkeypatch.delitem(outbox._subscribers, UNHEARD)
        told_by_trigger(UNHEARD)
        forgotten = tell()
        Message.objects.filter(pk=forgotten.pk).update(subscriber="test.gone")
        held = {queue: waiting_in(queue, now=NOW).count() for queue in Queue}
        assert held == {Queue.MAIL: 2, Queue.OTHERS: 2, Queue.MONEY: 0, Queue.FACTS: 0}
        assert mail in waiting_in(Queue.MAIL, now=NOW)

    def test_claiming_costs_few_statements(
        self, heard: list[Message], django_assert_max_num_queries: Any
    ) -> None:
        """As many for a group as for one. `make bench-delivery` times it while 100,000 are due."""
        tell()
        with django_assert_max_num_queries(3):
            assert len(relay.claim(now=NOW)) == 1
        for _ in range(50):
            tell()
        with django_assert_max_num_queries(3):
            assert len(relay.claim(now=NOW)) == relay.GROUP

    def test_who_is_done_in_time_claims_more_the_next_time(
        self, heard: list[Message], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """And who is not claims fewer, so that others find something to do."""
        claimed, claim = list[int](), relay._claim_rows

        def note(now: datetime, queue: Queue, limit: int) -> list[Message]:
            claimed.append(limit)
            return claim(now, queue, limit)

        monkeypatch.setattr(relay, "_claim_rows", note)
        monkeypatch.setattr(relay, "GROUP_SECONDS", math.inf)
        monkeypatch.setattr(relay, "GROUP", 2)
        monkeypatch.setattr(relay, "GROUP_MAX", 8)
        for _ in range(2 + 4 + 8 + 8 + 3):
            tell()
        assert relay.work(Queue.OTHERS, now=NOW)[0] == 25
        assert claimed == [2, 4, 8, 8, 8, 4]


@pytest.mark.django_db(transaction=True)
def test_two_relays_never_claim_the_same_message(heard: list[Message]) -> None:
    for _ in range(4):
        tell()
    with transaction.atomic():
        held = Message.objects.due(NOW).select_for_update()[:3]
        assert len(held) == 3
        assert _claim_from_another_connection() == 1


def _claim_from_another_connection() -> int:
    from threading import Thread

    claimed: list[int] = []

    def run() -> None:
        try:
            claimed.append(len(relay.claim(now=NOW)))
        finally:
            connection.close()

    thread = Thread(target=run)
    thread.start()
    thread.join()
    return claimed[0]


def told_by_trigger(topic: Topic) -> None:
    Message.objects.create(
        topic=topic,
        subscriber="",
        brand_id=uuid7(),
        payload={},
        available_at=NOW,
        occurred_at=NOW,
    )


@pytest.mark.django_db
def test_what_a_trigger_wrote_goes_to_every_subscriber(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    both = {name: lambda message: seen.append(message.subscriber) for name in ("first", "second")}
    monkeypatch.setitem(outbox._subscribers, TOPIC, both)
    told_by_trigger(TOPIC)
    assert relay.drain(now=NOW) == 2
    assert sorted(seen) == ["first", "second"]
    assert relay.drain(now=NOW) == 0


@pytest.mark.django_db
def test_what_nobody_hears_stays_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(outbox._subscribers, UNHEARD)
    told_by_trigger(UNHEARD)
    assert relay.drain(now=NOW) == 0
    assert "KeyError" in Message.objects.get().error
