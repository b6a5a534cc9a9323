"""The inbox's leases: one event, one worker; nothing is dropped; Stripe's troubles stay in their lane."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from giftshop.orders.models import Order
from giftshop.payments import checkout_session, inbox, settling, sweeping, tasks
from giftshop.payments.models import Payment, StripeEvent
from redemption.models import Code
from sandbox.stripe_double import StripeDouble
from tests.cast import Place
from tests.giftshop.payments.conftest import Tell, events, session_of

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
        assert inbox.claim(now=NOW) == [(event.pk, 1)]
        assert inbox.claim(now=NOW + inbox.LEASE - timedelta(seconds=1)) == []
        assert inbox.claim(now=NOW + inbox.LEASE) == [(event.pk, 2)]

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
        for number in range(5):
            stored(number)
        claims = inbox.claim(now=NOW)
        assert len(claims) == room
        assert inbox.claim(now=NOW) == []
        inbox.process(event_pk=claims[0][0], attempt=1, now=NOW)
        assert len(inbox.claim(now=NOW)) == 1

    def test_what_could_not_be_handed_on_is_given_back(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def away(*_args: object) -> None:
            raise ConnectionError

        event = stored()
        monkeypatch.setattr(tasks.process_event, "delay", away)
        with pytest.raises(ConnectionError):
            tasks.claim_events()
        event.refresh_from_db()
        assert event.leased_until is None

    def test_each_event_is_a_task_and_each_task_hands_on_the_next(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """One beat works off them all, one at a time."""
        handed: list[tuple[int, int]] = []
        monkeypatch.setattr(tasks.process_event, "delay", lambda *claim: handed.append(claim))
        rows = [stored(number) for number in range(5)]
        tasks.claim_events()
        for claim in handed:
            assert handed[-1] == claim  # nothing else is under way
            tasks.process_event(*claim)
        assert [pk for pk, _attempt in handed] == [row.pk for row in rows]
        assert not StripeEvent.objects.pending().exists()


@pytest.mark.django_db
class TestFailures:
    @pytest.mark.usefixtures("failing")
    def test_an_event_that_fails_is_tried_for_ever_and_ever_more_rarely(self) -> None:
        event, now, waits = stored(), NOW, []
        for attempt in range(1, 41):
            assert inbox.claim(now=now) == [(event.pk, attempt)]
            assert not inbox.process(event_pk=event.pk, attempt=attempt, now=now)
            event.refresh_from_db()
            assert inbox.claim(now=event.available_at - timedelta(seconds=1)) == []
            waits.append((event.available_at - now).total_seconds())
            now = event.available_at
        assert waits[:4] == [2, 4, 8, 16]
        assert waits[12:] == [3600] * 28
        assert event.error == "ValueError: poison"

    @pytest.mark.usefixtures("failing")
    def test_one_that_fails_holds_up_no_other(self) -> None:
        stored(1)
        fine = stored(2, type="checkout.session.expired")
        assert inbox.drain(now=NOW) == 1
        fine.refresh_from_db()
        assert fine.processed_at == NOW

    @pytest.mark.usefixtures("failing")
    def test_operators_hear_of_what_has_failed_for_long(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        stored()
        for hours, heard in ((0, 0), (2, 1)):
            caplog.clear()
            inbox.drain(now=NOW + timedelta(hours=hours))
            assert sum("has failed since" in line for line in caplog.messages) == heard

    def test_what_waits_for_long_is_late(self) -> None:
        waiting, _done = stored(1), stored(2, processed_at=NOW)
        assert not StripeEvent.objects.late(NOW + timedelta(minutes=4)).exists()
        assert list(StripeEvent.objects.late(NOW + timedelta(minutes=6))) == [waiting]

    def test_an_event_of_a_type_nobody_handles_any_more_is_let_go(self) -> None:
        stored(type="charge.updated")
        assert inbox.drain(now=NOW) == 1

    def test_once_stripe_is_back_a_paid_order_need_not_wait(
        self, double: StripeDouble, opened: Payment, order: Order, tell: Tell
    ) -> None:
        double.pay(session_of(opened))
        [told] = [event for event in events(double) if event["type"] == COMPLETED]
        tell(told)
        double.faults(api_500=99)
        StripeEvent.objects.update(attempts=20)  # it has been away for long
        row, now = StripeEvent.objects.get(), timezone.now()
        assert inbox.drain(now=now) == 0
        row.refresh_from_db()
        assert "Stripe is away" in row.error
        assert row.available_at - now == inbox.AWAY_MAX
        now = row.available_at
        double.faults(api_500=0)
        assert inbox.drain(now=now) == 1
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
                for pk, attempt in inbox.claim(now=NOW):
                    most = max(most, StripeEvent.objects.held(NOW).count())
                    inbox.process(event_pk=pk, attempt=attempt, now=NOW)
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
        most = 0
        while StripeEvent.objects.pending().exists():
            most = max(most, self.take(times=20))
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
    inbox.drain()
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
