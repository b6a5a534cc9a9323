"""Two requests for the same page of Stripe cross each other."""

import pytest
import stripe
from django.utils import timezone

from giftshop.orders.models import Order
from giftshop.payments import checkout_session, settle
from giftshop.payments.models import Payment
from giftshop.payments.stripe import client as stripe_sdk
from giftshop.payments.stripe import sessions
from sandbox.stripe_double import StripeDouble
from tests.giftshop.payments.conftest import session_of

pytestmark = pytest.mark.usefixtures("in_brand")


class TestTwoTabs:
    """Two requests for the same page cross each other."""

    def test_a_request_that_is_still_at_work_is_waited_for(
        self, double: StripeDouble, order: Order, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Stripe answers 409 to the second; that must not end the first one's attempt."""
        error = stripe.APIError("in use", http_status=409)
        monkeypatch.setattr(sessions, "_create", lambda *_args, **_more: _raise(error))
        with pytest.raises(stripe_sdk.StripeUnavailable):
            checkout_session.open_page(order=order)
        assert Payment.objects.get(order=order).state == Payment.State.OPEN

    def test_a_refusal_never_ends_an_attempt_that_has_its_page(
        self, opened: Payment, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        refused = sessions.SessionRefused("late")
        monkeypatch.setattr(sessions, "create", lambda **_fields: _raise(refused))
        with pytest.raises(sessions.SessionRefused):
            checkout_session.create(payment=opened)
        opened.refresh_from_db()
        assert opened.state == Payment.State.OPEN

    def test_what_was_paid_counts_whatever_we_believed(
        self, double: StripeDouble, opened: Payment, order: Order
    ) -> None:
        Payment.objects.filter(pk=opened.pk).update(
            state=Payment.State.EXPIRED, settled_at=timezone.now(), url_ciphertext=b""
        )
        double.pay(session_of(opened))
        settle.settle(session_id=session_of(opened))
        order.refresh_from_db()
        assert order.state == Order.State.PAID

    def test_an_order_that_another_tab_replaced_gets_no_page(
        self, double: StripeDouble, order: Order
    ) -> None:
        Order.objects.filter(pk=order.pk).update(
            state=Order.State.CANCELLED, cancelled_at=timezone.now()
        )
        with pytest.raises(checkout_session.OrderOutdated):
            checkout_session.open_page(order=order)
        assert not Payment.objects.exists()


def _raise(error: Exception) -> None:
    raise error
