"""How often Stripe is asked, and who waits for its answers."""

import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from giftshop.orders.models import Order
from giftshop.payments import checkout_session, inbox, reconcile_open, settle
from giftshop.payments.models import Payment, StripeEvent
from giftshop.payments.stripe import sessions
from redemption.models import Code
from sandbox.stripe_double import StripeDouble
from sandbox.stripe_double.api.handler import ApiHandler
from tests.cast import Place
from tests.giftshop.payments.conftest import Tell, events, many_open, session_of, work_off
from tests.giftshop.payments.test_inbox import NOW, stored

ANSWER_SECONDS = 0.3


@pytest.fixture
def asked_about(order: Order, in_brand: Any) -> list[StripeEvent]:
    """Forty events of pages that are open here and that Stripe knows nothing of."""
    payments = many_open(order, 40)
    return [stored(number, object_id=payment.session_id) for number, payment in enumerate(payments)]


class TestSlowAnswers:
    """Stripe's answers are waited for side by side, and recorded one by one."""

    def test_many_are_waited_for_at_once(
        self,
        double: StripeDouble,
        asked_about: list[StripeEvent],
        calls: list[str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """Forty answers of 0.3 s are twelve seconds one by one."""
        plain, under_way, most = ApiHandler.answer, set[int](), 0

        def slow(self: ApiHandler, *request: Any) -> Any:
            nonlocal most
            under_way.add(threading.get_ident())
            most = max(most, len(under_way))
            threading.Event().wait(ANSWER_SECONDS)
            under_way.discard(threading.get_ident())
            return plain(self, *request)

        monkeypatch.setattr(ApiHandler, "answer", slow)
        began = time.monotonic()
        assert work_off(now=NOW) == 40
        assert time.monotonic() - began < 40 * ANSWER_SECONDS / 3
        assert len(calls) == 40
        assert 5 < most <= 10

    @pytest.mark.parametrize("room", [10, pytest.param(1, id="control")])
    def test_one_that_hangs_holds_up_itself_alone(
        self,
        double: StripeDouble,
        asked_about: list[StripeEvent],
        monkeypatch: pytest.MonkeyPatch,
        settings: Any,
        room: int,
    ) -> None:
        """Also when the turn's time is over meanwhile. The control: with room for one all wait."""
        settings.STRIPE_EVENTS_AT_ONCE = room
        plain, plain_finish = sessions.retrieve, inbox.finish
        others_done, finished, waited = threading.Event(), list[str](), list[bool]()

        def hangs(session_id: str) -> Any:
            if session_id == asked_about[0].object_id:
                waited.append(others_done.wait(0.2 if room == 1 else 20))
            return plain(session_id)

        def noted(*, event: StripeEvent, **more: Any) -> bool:
            finished.append(event.object_id)
            if len(finished) == 39:
                others_done.set()
            return plain_finish(event=event, **more)

        monkeypatch.setattr(sessions, "retrieve", hangs)
        monkeypatch.setattr(inbox, "finish", noted)
        assert inbox.work(seconds=0, now=NOW)
        assert waited == [room != 1]
        assert len(finished) == (40 if room != 1 else 1)
        assert finished[-1] == asked_about[0].object_id


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
    reconcile_open.settle_abandoned(now=later)
    reconcile_open.settle_missing_fees(now=later)
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
        settle.settle(session_id=session_id)
    assert Payment.objects.without_fee().count() == 20
    double.advance(61)
    calls.clear()
    later = timezone.now() + timedelta(minutes=2)
    assert reconcile_open.settle_missing_fees(now=later) == 20
    assert calls == ["GET /v1/balance_transactions"]
    with scope(brand=in_brand):
        assert set(Payment.objects.values_list("fee", flat=True)) == {68}
