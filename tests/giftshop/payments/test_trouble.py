"""What goes wrong between us and Stripe, and how it is made good."""

from datetime import timedelta

import pytest
from django.utils import timezone

from giftshop.orders.models import Order
from giftshop.payments import checkout_session, settling, stripe_client, sweeping
from giftshop.payments.models import Payment
from redemption.models import Account, Posting
from sandbox.stripe_double import StripeDouble
from tests.cast import Place
from tests.giftshop.payments.conftest import session_of

pytestmark = pytest.mark.usefixtures("in_brand")


def test_an_answer_that_was_lost_is_asked_for_again(double: StripeDouble, order: Order) -> None:
    """Stripe made the page, but its answer never came: no second page is made."""
    double.faults(api_drop=1, after_effect=True, only_method="POST")
    assert checkout_session.open_page(order=order)
    assert len(stripe_client.client().v1.checkout.sessions.list().data) == 1


def test_a_page_whose_webhook_never_came_is_settled_by_the_sweep(
    double: StripeDouble, opened: Payment, order: Order
) -> None:
    double.pay(session_of(opened))
    later = timezone.now() + timedelta(minutes=5)
    assert sweeping.settle_abandoned(now=later) == 1
    order.refresh_from_db()
    assert order.state == Order.State.PAID


def test_a_fee_that_nobody_told_of_is_asked_for_by_the_sweep(
    double: StripeDouble, opened: Payment
) -> None:
    double.faults(settle_delay=3600)
    double.pay(session_of(opened))
    settling.settle(session_id=session_of(opened))
    double.advance(3601)
    later = timezone.now() + timedelta(minutes=5)
    assert sweeping.settle_missing_fees(now=later) == 1
    assert sweeping.settle_missing_fees(now=later) == 0
    assert Posting.objects.filter(account=Account.STRIPE_FEES).exists()


def test_one_bad_payment_holds_up_no_other(
    double: StripeDouble, opened: Payment, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = place()
    checkout_session.open_page(order=other)
    double.pay(session_of(Payment.objects.get(order=other)))
    plain = settling.settle

    def fails_for_one(*, session_id: str, now: object) -> object:
        if session_id == opened.session_id:
            raise ValueError("poison")
        return plain(session_id=session_id)

    monkeypatch.setattr(settling, "settle", fails_for_one)
    sweeping.settle_abandoned(now=timezone.now() + timedelta(minutes=5))
    other.refresh_from_db()
    assert other.state == Order.State.PAID


def test_the_sweep_leaves_fresh_pages_alone(opened: Payment) -> None:
    assert sweeping.settle_abandoned(now=timezone.now()) == 0


def test_an_error_of_stripes_is_final_and_the_next_click_begins_anew(
    double: StripeDouble, order: Order
) -> None:
    double.faults(api_500=9, after_effect=True, only_method="POST")
    with pytest.raises(stripe_client.SessionRefused):
        checkout_session.open_page(order=order)
    double.faults(api_500=0)
    assert checkout_session.open_page(order=order)
    states = dict(Payment.objects.values_list("attempt", "state"))
    assert states == {1: Payment.State.EXPIRED, 2: Payment.State.OPEN}


def test_an_attempt_that_was_never_made_is_given_up(double: StripeDouble, order: Order) -> None:
    double.faults(api_drop=9)
    with pytest.raises(stripe_client.StripeUnavailable):
        checkout_session.open_page(order=order)
    double.faults(api_drop=0)
    double.advance(7200)
    sweeping.settle_abandoned(now=timezone.now() + timedelta(hours=2))
    assert Payment.objects.get(order=order).state == Payment.State.EXPIRED


def test_a_sweep_ends_quietly_while_stripe_is_away(double: StripeDouble, opened: Payment) -> None:
    double.faults(api_500=99)
    sweeping.settle_abandoned(now=timezone.now() + timedelta(minutes=5))
    opened.refresh_from_db()
    assert opened.state == Payment.State.OPEN
