"""The inbox's leases: one event, one worker; nothing is dropped; Stripe's troubles stay in their lane."""

import dataclasses
import threading
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime, timedelta
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError, connection
from django.utils import timezone

from core.ids import uuid7
from giftshop import operator_alarms
from giftshop.orders.models import Order
from giftshop.outbox import workers
from giftshop.outbox.models import Worker
from giftshop.payments import event_types, inbox, tasks
from giftshop.payments.models import Payment, StripeEvent
from sandbox.stripe_double import StripeDouble
from tests.giftshop.payments.conftest import Tell, events, session_of, work_off

NOW = timezone.now()
COMPLETED = "checkout.session.completed"
TAKERS = 4


def stored(number: int = 1, **fields: Any) -> StripeEvent:
    wanted = {
        "event_id": f"evt_{number}",
        "type": COMPLETED,
        "object_id": f"cs_test_{number}",
        "livemode": False,
        "payload": '{"data": {"object": {}}}',
        "received_at": NOW,
        "available_at": NOW,
    }
    return StripeEvent.objects.create(**{**wanted, **fields})


def claim(now: datetime = NOW) -> tuple[int, int] | None:
    """One event: its key and the attempt."""
    return next(((event.pk, event.attempts) for event in inbox.claim(now=now)), None)


def finish(event: StripeEvent, attempt: int = 1, *, now: datetime = NOW) -> bool:
    """Somebody who claimed it ends: Stripe knew nothing of it."""
    event.attempts = attempt
    answer: inbox.Answer = Future()
    answer.set_result(None)
    return inbox.finish(event=event, answer=answer, now=now)


def handle_with(monkeypatch: pytest.MonkeyPatch, is_wanted: Callable[[StripeEvent], bool]) -> None:
    kind = event_types.find(COMPLETED)
    assert kind is not None
    monkeypatch.setitem(
        event_types._kinds, COMPLETED, dataclasses.replace(kind, is_wanted=is_wanted)
    )


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> None:
    def poison(event: StripeEvent) -> bool:
        if event.type == COMPLETED:
            raise ValueError("poison")
        return False

    handle_with(monkeypatch, poison)


@pytest.mark.django_db
class TestLeases:
    def test_what_is_held_is_not_claimed_again_until_the_lease_is_over(self) -> None:
        event = stored()
        assert claim() == (event.pk, 1)
        assert claim(NOW + inbox.LEASE - timedelta(seconds=1)) is None
        assert claim(NOW + inbox.LEASE) == (event.pk, 2)

    @pytest.mark.parametrize("beats", [True, False])
    def test_what_a_worker_held_that_is_gone_is_due_at_once(self, beats: bool) -> None:
        """And leaves the room to others; while it lives the others do something else."""
        now = timezone.now()
        worker = Worker(name="worker", started_at=now, beat_at=now)
        if beats:
            worker.save()
        event = stored(attempts=1, leased_until=NOW + timedelta(minutes=1), worker_id=worker.pk)
        stored(2)
        assert claim() == (None if beats else (event.pk, 2))

    def test_a_claim_names_its_worker_and_the_end_takes_the_name_off(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        event, worker_id = stored(), uuid7()
        monkeypatch.setattr(workers, "current_worker", lambda: worker_id)
        Worker.objects.create(
            pk=worker_id, name="worker", started_at=timezone.now(), beat_at=timezone.now()
        )
        claim()
        event.refresh_from_db()
        assert event.worker_id == worker_id
        finish(event)
        event.refresh_from_db()
        assert (event.worker_id, event.leased_until) == (None, None)

    def test_what_cannot_be_written_down_is_left_to_others(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        given_up = []

        def fails(**_: object) -> bool:
            raise OperationalError

        stored()
        monkeypatch.setattr(inbox, "finish", fails)
        monkeypatch.setattr(workers, "abandon", lambda: given_up.append(1))
        with pytest.raises(OperationalError):
            inbox.work(seconds=60, now=NOW)
        assert given_up == [1]

    def test_what_a_turn_has_no_time_for_is_free_at_once(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def ends(*_: object, **__: object) -> None:
            raise SoftTimeLimitExceeded

        for number in range(3):
            stored(number)
        monkeypatch.setattr(inbox, "wait", ends)
        with pytest.raises(SoftTimeLimitExceeded):
            inbox.work(seconds=60, now=NOW)
        assert StripeEvent.objects.due(NOW).count() == 3

    def test_a_late_finish_is_fenced_off(self) -> None:
        event = stored()
        claim()
        claim(NOW + inbox.LEASE)
        assert not finish(event, 1)
        assert finish(event, 2)
        assert not finish(event, 2)

    @pytest.mark.parametrize("room", [1, 3])
    def test_no_more_are_held_than_there_is_room_for(self, room: int, settings: Any) -> None:
        settings.STRIPE_EVENTS_AT_ONCE = room
        rows = [stored(number) for number in range(5)]
        assert [event.pk for event in inbox.claim(now=NOW, most=5)] == [
            event.pk for event in rows[:room]
        ]
        assert claim() is None
        finish(rows[0])
        assert claim() == (rows[room].pk, 1)

    def test_a_worker_takes_turns(self, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
        """After a slow event it calls for another turn; when nothing is left, beat calls."""
        settings.STRIPE_EVENTS_AT_ONCE = 1
        called: list[int] = []
        monkeypatch.setattr(
            tasks.work_off_events, "apply_async", lambda expires: called.append(expires)
        )
        monkeypatch.setattr(tasks, "TURN_SECONDS", 0)
        for number in range(3):
            stored(number)
        for left in (2, 1, 0):
            tasks.work_off_events()
            assert StripeEvent.objects.pending().count() == left
        assert len(called) == 3
        tasks.work_off_events()
        assert len(called) == 3

    def test_an_event_costs_few_statements(self, django_assert_max_num_queries: Any) -> None:
        """Of its own: six to claim it, with the transaction, and one to finish it; ten cost as many to
        claim."""
        rows = [stored(number, type="charge.updated") for number in range(10)]
        with django_assert_max_num_queries(7):
            assert inbox.claim(now=NOW, most=10) == rows
            assert finish(rows[0])


@pytest.mark.django_db
class TestFailures:
    @pytest.mark.usefixtures("failing")
    def test_an_event_that_fails_is_tried_for_ever_and_ever_more_rarely(self) -> None:
        event, now, waits = stored(), NOW, []
        for attempt in range(1, 41):
            assert work_off(now=now) == 0
            event.refresh_from_db()
            assert event.attempts == attempt
            assert claim(event.available_at - timedelta(seconds=1)) is None
            waits.append((event.available_at - now).total_seconds())
            now = event.available_at
        assert waits[:4] == [2, 4, 8, 16]
        assert waits[12:] == [3600] * 28
        assert event.error == "ValueError: poison"

    def test_what_is_kept_of_a_failure_names_nobody(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def poison(event: StripeEvent) -> None:
            raise ValueError("Invalid email address: amy@senders.example")

        handle_with(monkeypatch, poison)
        event = stored()
        work_off(now=NOW)
        event.refresh_from_db()
        assert event.error.startswith("ValueError: Invalid email address: ")
        assert "amy" not in event.error

    @pytest.mark.usefixtures("failing")
    def test_one_that_fails_holds_up_no_other(self) -> None:
        stored(1)
        fine = stored(2, type="checkout.session.expired")
        assert work_off(now=NOW) == 1
        fine.refresh_from_db()
        assert fine.processed_at == NOW

    @pytest.mark.usefixtures("failing")
    def test_operators_hear_of_what_has_failed_for_long(
        self, settings: Any, mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(operator_alarms, "_due", {})
        settings.OPERATOR_EMAIL = "operators@example.com"
        pk = stored().pk
        for hours, heard in ((0, 0), (2, 1)):
            work_off(now=NOW + timedelta(hours=hours))
            assert len(mailoutbox) == heard
        assert f"Stripe event {pk} has failed since" in mailoutbox[0].body

    def test_an_event_of_a_type_nobody_handles_any_more_is_let_go(self) -> None:
        stored(type="charge.updated")
        assert work_off(now=NOW) == 1

    def test_once_stripe_is_back_a_paid_order_need_not_wait(
        self, double: StripeDouble, opened: Payment, order: Order, tell: Tell
    ) -> None:
        double.pay(session_of(opened))
        [told] = [event for event in events(double) if event["type"] == COMPLETED]
        tell(told)
        double.faults(api_500=99)
        StripeEvent.objects.update(attempts=20)  # it has been away for long
        row, now = StripeEvent.objects.get(), timezone.now()
        assert work_off(now=now) == 0
        row.refresh_from_db()
        assert "Stripe is away" in row.error
        assert row.available_at - now == inbox.AWAY_MAX
        now = row.available_at
        double.faults(api_500=0)
        assert work_off(now=now) == 1
        row.refresh_from_db()
        assert (row.error, row.processed_at) == ("", now)
        order.refresh_from_db()
        assert order.state == Order.State.PAID


@pytest.mark.django_db(transaction=True)
class TestManyTakers:
    """Several workers claim and work at the same moment."""

    def take(self, times: int) -> tuple[list[int], int]:
        """Which events were taken, and how many at most were held at once."""
        taken: list[int] = []
        held = [0]
        together = threading.Semaphore(0)

        def work() -> None:
            for _ in range(times):
                for event in inbox.claim(now=NOW):
                    taken.append(event.pk)
                    held.append(StripeEvent.objects.held(NOW).count())
                    together.acquire(timeout=0.02)  # lets another taker come between
                    finish(event, event.attempts)
            connection.close()

        threads = [threading.Thread(target=work) for _ in range(TAKERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        return taken, max(held)

    def test_no_event_is_taken_twice_and_the_bound_holds(self, settings: Any) -> None:
        settings.STRIPE_EVENTS_AT_ONCE = 2
        rows = [stored(number).pk for number in range(40)]
        taken, most = self.take(times=20)
        while StripeEvent.objects.pending().exists():
            more, now_most = self.take(times=20)
            taken, most = taken + more, max(most, now_most)
        assert sorted(taken) == rows
        assert most == 2

    def test_without_leases_they_would_be(
        self, settings: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The control: a lease that is over at once."""
        settings.STRIPE_EVENTS_AT_ONCE = 2
        monkeypatch.setattr(inbox, "LEASE", timedelta(0))
        for number in range(4):
            stored(number)
        taken, _most = self.take(times=20)
        assert len(taken) > len(set(taken))
