"""What a dead worker held is due again within seconds; what a living one holds is left to it."""

import os
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.db.models.functions import Now
from django.utils import timezone

from core.ids import uuid7
from giftshop.outbox import outbox, relay, workers
from giftshop.outbox.models import SILENT_AFTER, Message, UpSince, Worker
from giftshop.outbox.topics import Topic
from tests.server import wait_for


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[Message]:
    seen: list[Message] = []
    monkeypatch.setitem(outbox._subscribers, Topic.GIFT_READY, {"test.listener": seen.append})
    return seen


@pytest.fixture
def long_up(db: None) -> None:
    """The tests' own server has run for long enough to have heard every worker."""
    wait_for(lambda: up_for() > SILENT_AFTER, "the server is too young", seconds=30)


def up_for() -> timedelta:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp() - pg_postmaster_start_time()")
        age = cursor.fetchone()[0]
    assert isinstance(age, timedelta)
    return age


def worker(*, silent_for: float) -> Worker:
    heard_at = Now() - timedelta(seconds=silent_for)
    return Worker.objects.create(name="somebody", started_at=heard_at, beat_at=heard_at)


def message_held_by(worker_id: object, **fields: object) -> Message:
    now = timezone.now()
    return Message.objects.create(
        topic=Topic.GIFT_READY,
        subscriber="test.listener",
        brand_id=uuid7(),
        payload={},
        available_at=now,
        occurred_at=now,
        **{
            "leased_until": now + timedelta(hours=1),
            "attempts": 1,
            "worker_id": worker_id,
            **fields,
        },
    )


def is_due(message: Message) -> bool:
    return Message.objects.due(timezone.now()).filter(pk=message.pk).exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("long_up")
class TestClaims:
    def test_a_living_workers_claim_lasts_as_long_as_its_lease(self) -> None:
        message = message_held_by(worker(silent_for=8).pk)
        assert not is_due(message)
        Message.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
        assert is_due(message)

    def test_a_silent_workers_claim_is_free_at_once(self, heard: list[Message]) -> None:
        message = message_held_by(worker(silent_for=10.5).pk)
        assert is_due(message)
        assert relay.drain() == 1
        assert [one.attempts for one in heard] == [2]

    def test_a_claim_of_somebody_gone_is_free_at_once(self) -> None:
        assert is_due(message_held_by(uuid7()))

    def test_a_claim_that_names_nobody_has_its_lease(self) -> None:
        assert not is_due(message_held_by(None))

    def test_a_database_that_was_away_itself_takes_nobody_for_dead(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        message = message_held_by(worker(silent_for=60).pk)
        assert is_due(message)
        monkeypatch.setattr(UpSince, "function", "statement_timestamp")
        assert not is_due(message)

    def test_what_waits_for_its_next_try_belongs_to_nobody(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(message: Message) -> None:
            raise ConnectionError

        monkeypatch.setitem(outbox._subscribers, Topic.GIFT_READY, {"test.listener": fail})
        message = message_held_by(uuid7())
        assert relay.drain() == 0
        message.refresh_from_db()
        assert message.worker_id is None
        assert not is_due(message)


@pytest.fixture
def beating(transactional_db: None) -> Iterator[None]:
    with workers.running("test"):
        yield


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("beating")
class TestHeartbeat:
    def test_claims_name_this_process_while_it_runs(self, heard: list[Message]) -> None:
        me = Worker.objects.get(pk=workers.current_worker())
        assert me.name.startswith(f"test {os.getpid()}@")
        message = message_held_by(None, leased_until=None, attempts=0)
        [(pk, attempt)] = relay.claim(now=timezone.now())
        message.refresh_from_db()
        assert message.worker_id == me.pk
        assert not is_due(message)
        workers.stop()
        assert not Worker.objects.exists()
        assert is_due(message)
        assert workers.current_worker() is None
        assert relay.deliver(message_id=pk, attempt=attempt)

    def test_it_goes_on_after_its_connection_was_cut(self) -> None:
        before = Worker.objects.get(pk=workers.current_worker())
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query ILIKE %s"
                " AND pid <> pg_backend_pid()",
                ["%INSERT INTO outbox_worker%"],
            )
            assert cursor.rowcount == 1
        wait_for(
            lambda: Worker.objects.filter(pk=before.pk, beat_at__gt=before.beat_at).exists(),
            "no beat after the cut",
            seconds=10,
        )

    def test_work_whose_end_cannot_be_written_is_given_up_and_the_worker_goes_on(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def lose_the_database(message: Message) -> None:
            raise OperationalError

        monkeypatch.setitem(
            outbox._subscribers, Topic.GIFT_READY, {"test.listener": lose_the_database}
        )
        monkeypatch.setattr(relay, "backoff", lose_the_database)  # nor can the failure be noted
        message = message_held_by(None, leased_until=None, attempts=0)
        first = workers.current_worker()
        [(pk, attempt)] = relay.claim(now=timezone.now())
        with pytest.raises(OperationalError):
            relay.deliver(message_id=pk, attempt=attempt)
        assert workers.current_worker() not in {first, None}
        wait_for(lambda: is_due(message), "still held", seconds=3)

    def test_a_process_that_slept_knows_that_it_was_given_up(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert workers.current_worker()
        assert workers.is_heard()
        heartbeat = workers._heartbeat
        assert heartbeat
        heartbeat.heard_at -= workers.HEARD_SECONDS
        assert not workers.is_heard()
        heartbeat.wanted.set()
        wait_for(workers.is_heard, "no beat after the sleep", seconds=3)


@pytest.mark.django_db(transaction=True)
def test_a_forked_child_has_no_heartbeat_of_its_parents() -> None:
    with workers.running("parent"):
        assert workers.current_worker()
        child = os.fork()
        if child == 0:
            os._exit(workers.current_worker() is not None)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
