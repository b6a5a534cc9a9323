"""What goes wrong between us and Stripe, and how it is made good."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from giftshop.http import outside_calls
from giftshop.orders.models import Order
from giftshop.payments import checkout_session, inbox, reconcile_open, settle, tasks
from giftshop.payments.models import Payment
from giftshop.payments.stripe import client as stripe_sdk
from giftshop.payments.stripe import sessions
from redemption.models import Account, Posting
from sandbox.stripe_double import StripeDouble
from tests.cast import Place
from tests.giftshop.payments.conftest import many_open, session_of

pytestmark = pytest.mark.usefixtures("in_brand")


def test_an_answer_that_was_lost_is_asked_for_again(double: StripeDouble, order: Order) -> None:
    """Stripe made the page, but its answer never came: no second page is made."""
    double.faults(api_drop=1, after_effect=True, only_method="POST")
    assert checkout_session.open_page(order=order)
    assert len(stripe_sdk.client().v1.checkout.sessions.list().data) == 1


def test_a_page_whose_webhook_never_came_is_settled_by_the_sweep(
    double: StripeDouble, opened: Payment, order: Order
) -> None:
    double.pay(session_of(opened))
    later = timezone.now() + timedelta(minutes=5)
    assert reconcile_open.settle_abandoned(now=later) == 1
    order.refresh_from_db()
    assert order.state == Order.State.PAID


def test_a_fee_that_nobody_told_of_is_asked_for_by_the_sweep(
    double: StripeDouble, opened: Payment
) -> None:
    double.faults(settle_delay=3600)
    double.pay(session_of(opened))
    settle.settle(session_id=session_of(opened))
    double.advance(3601)
    later = timezone.now() + timedelta(minutes=5)
    assert reconcile_open.settle_missing_fees(now=later) == 1
    assert reconcile_open.settle_missing_fees(now=later) == 0
    assert Posting.objects.filter(account=Account.STRIPE_FEES).exists()


def test_one_bad_payment_holds_up_no_other(
    double: StripeDouble, opened: Payment, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = place()
    checkout_session.open_page(order=other)
    double.pay(session_of(Payment.objects.get(order=other)))
    plain = settle.settle

    def fails_for_one(*, session_id: str, now: object) -> object:
        if session_id == opened.session_id:
            raise ValueError("poison")
        return plain(session_id=session_id)

    monkeypatch.setattr(settle, "settle", fails_for_one)
    reconcile_open.settle_abandoned(now=timezone.now() + timedelta(minutes=5))
    other.refresh_from_db()
    assert other.state == Order.State.PAID


def test_the_sweep_leaves_fresh_pages_alone(opened: Payment) -> None:
    assert reconcile_open.settle_abandoned(now=timezone.now()) == 0


def test_an_error_of_stripes_is_final_and_the_next_click_begins_anew(
    double: StripeDouble, order: Order
) -> None:
    double.faults(api_500=9, after_effect=True, only_method="POST")
    with pytest.raises(sessions.SessionRefused):
        checkout_session.open_page(order=order)
    double.faults(api_500=0)
    assert checkout_session.open_page(order=order)
    states = dict(Payment.objects.values_list("attempt", "state"))
    assert states == {1: Payment.State.EXPIRED, 2: Payment.State.OPEN}


def test_an_attempt_that_was_never_made_is_given_up(double: StripeDouble, order: Order) -> None:
    double.faults(api_drop=9)
    with pytest.raises(stripe_sdk.StripeUnavailable):
        checkout_session.open_page(order=order)
    double.faults(api_drop=0)
    double.advance(7200)
    reconcile_open.settle_abandoned(now=timezone.now() + timedelta(hours=2))
    assert Payment.objects.get(order=order).state == Payment.State.EXPIRED


def test_a_sweep_ends_quietly_while_stripe_is_away(
    double: StripeDouble, opened: Payment, order: Order, calls: list[str]
) -> None:
    """With the first that is not answered: workers are for mails too."""
    many_open(order, 3)
    double.faults(api_500=99)
    Payment.objects.update(asked_at=timezone.now() - timedelta(minutes=5))
    tasks.settle_open_sessions()
    assert len(set(calls)) == 1
    assert Payment.objects.open().count() == 4


def test_the_sweep_asks_for_each_in_turn_however_many_there_are(
    double: StripeDouble, opened: Payment, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    """205 are open and 200 are asked at once: the newest one, which is paid, has its turn next."""
    asked: list[str] = []
    plain = settle.settle

    def noted(*, session_id: str, now: datetime) -> Payment | None:
        asked.append(session_id)
        return plain(session_id=session_id, now=now) if session_id == opened.session_id else None

    monkeypatch.setattr(settle, "settle", noted)
    many_open(order, 204)
    double.pay(session_of(opened))
    later = timezone.now() + timedelta(minutes=5)
    assert reconcile_open.settle_abandoned(now=later) == 200
    assert opened.session_id not in asked
    assert reconcile_open.settle_abandoned(now=later + timedelta(minutes=1)) == 5
    order.refresh_from_db()
    assert order.state == Order.State.PAID
    assert len(set(asked)) == len(asked) == 205
    assert (
        reconcile_open.settle_abandoned(now=later + timedelta(minutes=4)) == 200
    )  # and around again


def test_a_sweep_ends_in_time(opened: Payment, order: Order) -> None:
    many_open(order, 3)
    later = timezone.now() + timedelta(minutes=5)
    assert reconcile_open.settle_abandoned(now=later, seconds=0) == 0


def test_sweeps_leave_a_worker_to_others_for_most_of_the_time(settings: Any) -> None:
    [every] = [
        call["schedule"]
        for call in settings.CELERY_BEAT_SCHEDULE.values()
        if call["task"] == tasks.settle_open_sessions.name
    ]
    assert every / 2 > 2 * (reconcile_open.RUN_SECONDS + outside_calls.PAGE_SECONDS)


def test_a_fee_that_is_very_late_is_asked_for_alone_and_rarely(
    double: StripeDouble, opened: Payment, calls: list[str]
) -> None:
    double.faults(settle_delay=3600)
    double.pay(session_of(opened))
    settle.settle(session_id=session_of(opened))
    hour, now = timedelta(hours=1), timezone.now()
    calls.clear()
    for minutes in range(0, 60, 10):
        reconcile_open.settle_missing_fees(now=now + hour * 2 + timedelta(minutes=minutes))
    assert len(calls) == 1
    double.advance(3601)
    assert reconcile_open.settle_missing_fees(now=now + hour * 4) == 1
    assert len(calls) == 2
    assert Posting.objects.get(account=Account.STRIPE_FEES).amount == 68


@pytest.mark.parametrize(
    ("sweep", "index"),
    [
        (reconcile_open.settle_abandoned, "payment_open"),
        (reconcile_open.settle_missing_fees, "payment_fee_missing"),
        (lambda now: inbox.claim(now=now), "stripe_event_due"),
    ],
)
def test_no_sweep_reads_what_is_settled(
    order: Order, sweep: Callable[..., object], index: str
) -> None:
    """Among many settled payments and events, each statement goes through the few rows of its index."""
    now = timezone.now()
    fill(order, now)
    with CaptureQueriesContext(connection) as seen:
        sweep(now=now)
    reads = [
        query["sql"]
        for query in seen
        if query["sql"].startswith("SELECT") and '"payments_' in query["sql"]
    ]
    assert reads
    for sql in reads:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {sql}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
        assert index in plan, plan
        assert "Seq Scan on payments_" not in plan


def fill(order: Order, now: datetime) -> None:
    """Four thousand payments that are settled and events that are worked off."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO payments_payment (brand_id, order_id, attempt, state, session_id,
               url_ciphertext,
               expires_at, payment_intent_id, charge_id, amount, currency, fee, opened_at, asked_at,
               settled_at, problem)
               SELECT %s, %s, n, 'expired', 'cs_' || n, '', %s, '', '', 1300, 'USD', NULL,
               %s - n * interval '1 minute', %s - n * interval '1 minute', %s, ''
               FROM generate_series(1, 4000) n""",
            [order.brand_id, order.pk, now, now, now, now],
        )
        cursor.execute(
            """INSERT INTO payments_stripeevent (event_id, type, object_id, livemode, payload,
               received_at, available_at, processed_at, attempts, error)
               SELECT 'evt_' || n, 'checkout.session.completed', '', false, '{}', %s, %s, %s, 1, ''
               FROM generate_series(1, 4000) n""",
            [now, now, now],
        )
        cursor.execute("ANALYZE payments_payment")
        cursor.execute("ANALYZE payments_stripeevent")
