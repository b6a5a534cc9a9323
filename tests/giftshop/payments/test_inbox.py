"""The inbox's leases: one event, one worker; nothing is dropped; Stripe's troubles stay in their lane."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from giftshop import operator_alarms
from giftshop.orders.models import Order
from giftshop.outbox import workers
from giftshop.outbox.models import Worker
from giftshop.payments import checkout_session, inbox, settling, sweeping, tasks
from giftshop.payments.models import Payment, StripeEvent
from redemption.ids import uuid7
from redemption.models import Code
from sandbox.stripe_double import StripeDouble
from tests.cast import Place
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


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> None:
    def poison(event: StripeEvent, now: object) -> None:
        raise ValueError("poison")

    monkeypatch.setitem(inbox._HANDLERS, COMPLETED, poison)


@pytest.mark.django_db
class TestLeases:
    def test_what_is_held_is_not_claimed_again_until_the_lease_is_over(self) -> None:
        event = stored()
        assert inbox.claim(now=NOW) == (event.pk, 1)
        assert inbox.claim(now=NOW + inbox.LEASE - timedelta(seconds=1)) is None
        assert inbox.claim(now=NOW + inbox.LEASE) == (event.pk, 2)

    @pytest.mark.parametrize("beats", [True, False])
    def test_what_a_worker_held_that_is_gone_is_due_at_once(self, beats: bool) -> None:
        """And leaves its room to others."""
        now = timezone.now()
        worker = Worker(name="worker", started_at=now, beat_at=now)
        if beats:
            worker.save()
        event = stored(attempts=1, leased_until=NOW + timedelta(minutes=1), worker_id=worker.pk)
        assert inbox.claim(now=NOW) == (None if beats else (event.pk, 2))

    def test_a_claim_names_its_worker_and_the_end_takes_the_name_off(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        event, worker_id = stored(), uuid7()
        monkeypatch.setattr(workers, "current_worker", lambda: worker_id)
        Worker.objects.create(
            pk=worker_id, name="worker", started_at=timezone.now(), beat_at=timezone.now()
        )
        inbox.claim(now=NOW)
        event.refresh_from_db()
        assert event.worker_id == worker_id
        inbox.process(event_pk=event.pk, attempt=1)
        event.refresh_from_db()
        assert (event.worker_id, event.leased_until) == (None, None)

    def test_what_cannot_be_written_down_is_left_to_others(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        given_up = []

        def fails(event_pk: int, attempt: int, now: object) -> bool:
            raise OperationalError

        monkeypatch.setattr(inbox, "_process", fails)
        monkeypatch.setattr(workers, "abandon", lambda: given_up.append(1))
        with pytest.raises(OperationalError):
            inbox.process(event_pk=1, attempt=1)
        assert given_up == [1]

    def test_a_late_finish_is_fenced_off(self) -> None:
        event = stored()
        inbox.claim(now=NOW)
        inbox.claim(now=NOW + inbox.LEASE)
        assert not inbox.process(event_pk=event.pk, attempt=1)
        assert inbox.process(event_pk=event.pk, attempt=2)
        assert not inbox.process(event_pk=event.pk, attempt=2)

    @pytest.mark.parametrize("room", [1, 3])
    def test_no_more_are_held_than_there_is_room_for(self, room: int, settings: Any) -> None:
        settings.STRIPE_EVENTS_AT_ONCE = room
        rows = [stored(number).pk for number in range(5)]
        claims = [inbox.claim(now=NOW) for _ in range(5)]
        assert claims == [(pk, 1) for pk in rows[:room]] + [None] * (5 - room)
        inbox.process(event_pk=rows[0], attempt=1, now=NOW)
        assert inbox.claim(now=NOW) == (rows[room], 1)

    def test_a_worker_takes_turns(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """After a slow event it calls for another turn; when nothing is left, beat calls."""
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
        """Of its own: six to claim it, with the transaction, and two to read and to finish it."""
        pk = stored(type="charge.updated").pk
        with django_assert_max_num_queries(8):
            assert inbox.claim(now=NOW) == (pk, 1)
            assert inbox.process(event_pk=pk, attempt=1)


@pytest.mark.django_db
class TestFailures:
    @pytest.mark.usefixtures("failing")
    def test_an_event_that_fails_is_tried_for_ever_and_ever_more_rarely(self) -> None:
        event, now, waits = stored(), NOW, []
        for attempt in range(1, 41):
            assert inbox.claim(now=now) == (event.pk, attempt)
            assert not inbox.process(event_pk=event.pk, attempt=attempt, now=now)
            event.refresh_from_db()
            assert inbox.claim(now=event.available_at - timedelta(seconds=1)) is None
            waits.append((event.available_at - now).total_seconds())
            now = event.available_at
        assert waits[:4] == [2, 4, 8, 16]
        assert waits[12:] == [3600] * 28
        assert event.error == "ValueError: poison"

    def test_what_is_kept_of_a_failure_names_nobody(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def poison(event: StripeEvent, now: object) -> None:
            raise ValueError("Invalid email address: amy@senders.example")

        monkeypatch.setitem(inbox._HANDLERS, COMPLETED, poison)
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

    @pytest.fixture
    def taken(self, monkeypatch: pytest.MonkeyPatch) -> list[int]:
        seen: list[int] = []
        together = threading.Semaphore(0)

        def note(event: StripeEvent, now: object) -> None:
            seen.append(event.pk)
            together.acquire(timeout=0.02)  # lets another taker come between

        monkeypatch.setitem(inbox._HANDLERS, COMPLETED, note)
        return seen

    def take(self, times: int) -> int:
        most = 0

        def work() -> None:
            nonlocal most
            for _ in range(times):
                if claimed := inbox.claim(now=NOW):
                    most = max(most, StripeEvent.objects.held(NOW).count())
                    inbox.process(event_pk=claimed[0], attempt=claimed[1], now=NOW)
            connection.close()

        threads = [threading.Thread(target=work) for _ in range(TAKERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        return most

    def test_no_event_is_taken_twice_and_the_bound_holds(
        self, taken: list[int], settings: Any
    ) -> None:
        settings.STRIPE_EVENTS_AT_ONCE = 2
        rows = [stored(number).pk for number in range(40)]
        most = max(self.take(times=20) for _ in range(3))
        assert sorted(taken) == rows
        assert most == 2

    def test_without_leases_they_would_be(
        self, taken: list[int], settings: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The control: a lease that is over at once."""
        settings.STRIPE_EVENTS_AT_ONCE = 2
        monkeypatch.setattr(inbox, "LEASE", timedelta(0))
        monkeypatch.setattr(inbox, "process", lambda *, event_pk, **_: taken.append(event_pk))
        for number in range(4):
            stored(number)
        self.take(times=20)
        assert len(taken) > len(set(taken))


def test_an_order_is_fetched_once(
    client: Client,
    double: StripeDouble,
    place: Place,
    in_brand: Any,
    tell: Tell,
    calls: list[str],
) -> None:
    """Twenty orders: each asked about once, whichever of webhook, success page and sweep comes first."""
    orders = [place() for _ in range(20)]
    for order in orders:
        checkout_session.open_page(order=order)
        double.pay(session_of(Payment.objects.get(order=order)))
    told = events(double)
    calls.clear()
    for n, order in enumerate(orders):
        if n % 2:
            session_id = session_of(Payment.objects.get(order=order))
            client.get("/payments/return/", {"session_id": session_id})
    for event in told:
        tell(event)
    work_off()
    later = timezone.now() + timedelta(minutes=5)
    sweeping.settle_abandoned(now=later)
    sweeping.settle_missing_fees(now=later)
    assert Order.objects.filter(state=Order.State.PAID).count() == 20
    assert Code.objects.count() == 40
    assert not Payment.objects.without_fee().exists()
    assert len(calls) <= 22, calls


def test_fees_that_come_late_cost_a_call_for_a_hundred(
    double: StripeDouble, place: Place, in_brand: Any, calls: list[str]
) -> None:
    double.faults(settle_delay=60)
    orders = [place() for _ in range(20)]
    for order in orders:
        checkout_session.open_page(order=order)
        session_id = session_of(Payment.objects.get(order=order))
        double.pay(session_id)
        settling.settle(session_id=session_id)
    assert Payment.objects.without_fee().count() == 20
    double.advance(61)
    calls.clear()
    later = timezone.now() + timedelta(minutes=2)
    assert sweeping.settle_missing_fees(now=later) == 20
    assert calls == ["GET /v1/balance_transactions"]
    with scope(brand=in_brand):
        assert set(Payment.objects.values_list("fee", flat=True)) == {68}
