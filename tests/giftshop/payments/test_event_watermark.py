"""Events that no webhook brought are listed from where the last listing ended."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from giftshop.orders.models import Order
from giftshop.payments import event_types, event_watermark
from giftshop.payments.models import Payment, StripeEvent, StripeWatermark
from giftshop.payments.stripe import events
from giftshop.payments.stripe.client import StripeUnavailable
from sandbox.stripe_double import StripeDouble
from tests.giftshop.payments.conftest import session_of, work_off

COMPLETED = "checkout.session.completed"
SOON = timedelta(minutes=1)


@pytest.fixture
def paid(double: StripeDouble, opened: Payment) -> None:
    double.pay(session_of(opened))


def told(double: StripeDouble, count: int, kind: str = COMPLETED) -> None:
    """So many events that no webhook brought, of sessions nobody knows."""
    from sandbox.stripe_double.objects.events import emit

    with double.world.change():
        for number in range(count):
            subject = double.world.store.draft("checkout.session", "cs", 0, id=f"cs_{number}")
            emit(double.world, kind, subject)


def listed(now: Any = None, **more: Any) -> int:
    return event_watermark.list_missed(now=now or timezone.now() + SOON, **more)


@pytest.mark.usefixtures("paid")
def test_an_event_no_endpoint_heard_of_pays_its_order(double: StripeDouble, order: Order) -> None:
    """Stripe believes that nothing is undelivered: there was nobody to deliver to."""
    with double.world.change():
        for event in double.world.store.newest("event"):
            double.world.save(event, pending_webhooks=0)
    assert listed() == 1
    work_off(now=timezone.now() + 2 * SOON)
    order.refresh_from_db()
    assert order.state == Order.State.PAID


@pytest.mark.usefixtures("paid")
def test_it_is_listed_from_where_it_ended_with_an_overlap(
    monkeypatch: pytest.MonkeyPatch, calls: list[str]
) -> None:
    asked: list[Any] = []
    page = events.page
    monkeypatch.setattr(
        events, "page", lambda types, **more: asked.append(more) or page(types, **more)
    )
    first = timezone.now() + SOON
    assert listed(first) == 1
    assert asked[0]["since"] == first - timedelta(days=29)
    assert listed(first + timedelta(hours=1)) == 0
    calls_each = -(-len(event_types.handled()) // events.TYPES_MAX)
    assert asked[calls_each]["since"] == first - timedelta(minutes=10)
    assert calls == ["GET /v1/events"] * 2 * calls_each  # one for twenty types
    assert set(StripeWatermark.objects.values_list("listed_until", flat=True)) == {
        first + timedelta(hours=1)
    }


def act_on(monkeypatch: pytest.MonkeyPatch, *types: str) -> None:
    """As the next version does, which handles more."""
    known, kind = event_types.handled(), event_types.find(COMPLETED)
    assert kind is not None
    monkeypatch.setattr(event_types, "_kinds", dict.fromkeys([*known, *types], kind))


def test_a_type_that_is_new_is_listed_from_its_beginning(
    db: None, double: StripeDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(double, 3, "charge.updated")
    listed()
    assert not StripeEvent.objects.exists()
    act_on(monkeypatch, "charge.updated")
    assert listed(timezone.now() + timedelta(hours=1)) == 3


def test_a_call_asks_for_twenty_types_at_most(
    db: None, double: StripeDouble, monkeypatch: pytest.MonkeyPatch, calls: list[str]
) -> None:
    act_on(monkeypatch, *(f"charge.kind_{number:02}" for number in range(26)), "topup.created")
    told(double, 1, "topup.created")
    assert listed() == 1
    assert len(calls) == 3


def test_a_burst_is_gone_on_with_at_the_next_run(
    db: None, double: StripeDouble, calls: list[str]
) -> None:
    told(double, 250)
    now = timezone.now() + SOON
    assert listed(now, seconds=0) == 100
    begun = StripeWatermark.objects.get(type=COMPLETED)
    assert begun.listed_until == now - timedelta(days=29)  # not all of it is stored
    told(double, 5)  # newer than the listing that is under way
    assert listed(now + SOON, seconds=0) == 100
    assert listed(now + SOON, seconds=0) == 50
    assert StripeWatermark.objects.get(type=COMPLETED).listed_until == now
    assert listed(now + 2 * SOON) == 5
    assert StripeEvent.objects.count() == 255


def test_a_page_that_fails_moves_nothing(db: None, double: StripeDouble) -> None:
    told(double, 150)
    now = timezone.now() + SOON
    listed(now, seconds=0)
    double.faults(api_500=9)
    with pytest.raises(StripeUnavailable):
        listed(now)
    double.faults(api_500=0)
    assert StripeWatermark.objects.get(type=COMPLETED).listed_until == now - timedelta(days=29)
    assert listed(now) == 50


def test_a_cursor_that_stripe_forgot_begins_anew(db: None, double: StripeDouble) -> None:
    told(double, 150)
    listed(seconds=0)
    StripeWatermark.objects.update(cursor="evt_forgotten")
    assert listed() == 50


def test_two_runs_at_a_time_store_each_event_once(
    db: None, double: StripeDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other run goes all the way while ours waits for its first page."""
    told(double, 150)
    page, others = events.page, iter([True])

    def crossed(types: Any, **more: Any) -> events.Page:
        found = page(types, **more)
        if next(others, False):
            assert listed() == 150
        return found

    monkeypatch.setattr(events, "page", crossed)
    assert listed() == 0
    assert StripeEvent.objects.count() == 150
    assert set(StripeWatermark.objects.values_list("cursor", flat=True)) == {""}
