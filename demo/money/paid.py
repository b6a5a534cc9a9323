"""Payments of the demo's past. Its orders were paid without Stripe, long ago; those whose money somebody may
still want back get the payment that a real one has, so that what the order's page offers can be done.

Where the demo runs without the double there is nobody to pay, and none is made.
"""

from datetime import datetime, timedelta

from demo.money.double import Double
from giftshop.orders.models import Order
from giftshop.payments import checkout_session, fees
from giftshop.payments.models import Payment
from giftshop.payments.stripe import sessions
from redemption.models import Code

PAGE_LIFE = timedelta(minutes=40)


def give_payments(double: Double, now: datetime) -> None:
    """To all paid orders of the brand with a gift that is still good. Expects the brand's scope."""
    if not double.is_there():
        return
    good = Order.objects.paid().filter(payments=None, gifts__code__state=Code.State.ACTIVE)
    for order in good.distinct().order_by("placed_at"):
        _give(double, order, now)


def _give(double: Double, order: Order, now: datetime) -> None:
    """The row is written by hand: no page is opened for an order that is paid already."""
    payment = Payment.objects.create(
        brand_id=order.brand_id,
        order=order,
        attempt=1,
        amount=order.total,
        currency=order.currency,
        opened_at=order.placed_at,
        asked_at=now,
        expires_at=now + PAGE_LIFE,
    )
    session_id = checkout_session.create(payment=payment)
    double.do(f"sessions/{session_id}/pay")
    session = sessions.retrieve(session_id)
    if session is None:
        raise RuntimeError(f"the double has no session {session_id}")
    payment.state, payment.settled_at = Payment.State.PAID, order.paid_at
    payment.url_ciphertext = b""
    payment.payment_intent_id, payment.charge_id = session.payment_intent_id, session.charge_id
    payment.save()
    if session.fee is not None:
        fees.book(payment, session.fee, session.fee_currency, order.paid_at or now)
