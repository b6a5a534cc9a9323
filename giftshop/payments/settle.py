"""What became of a payment, from Stripe's fresh answer. Webhook, success page and sweep all end here."""

import logging
import re
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from giftshop.offers import purchase
from giftshop.orders import fulfilment
from giftshop.orders.models import Order
from giftshop.outbox.outbox import emit
from giftshop.outbox.topics import Topic
from giftshop.payments import fees
from giftshop.payments.models import Payment
from giftshop.payments.stripe import sessions
from giftshop.payments.stripe.sessions import Session
from redemption.ledger.posting import Leg, post
from redemption.models import Account, JournalEntry

log = logging.getLogger(__name__)


def settle(*, session_id: str, now: datetime | None = None) -> Payment | None:
    """Ask Stripe about the session and record the answer. None when it is not one of ours.

    Raises stripe_sdk.StripeUnavailable.
    """
    session = sessions.retrieve(session_id)
    return record(session=session, now=now or timezone.now()) if session else None


def record(*, session: Session, now: datetime) -> Payment | None:
    """Write down what Stripe says of a session; a paid one pays its order, once.

    A payment that fits no order (wrong amount, currency or mode, paid twice, cancelled) issues
    nothing: it is kept as refused, logged, booked as owed back, and sent back by the outbox.
    """
    with scopes_disabled():
        payment = _find(session)
    if payment is None:
        return None
    with scope(brand=payment.brand), transaction.atomic():
        # The order is locked first, always, so that two payments of one order take turns.
        order = Order.lock(payment.order_id)
        order.brand = payment.brand
        payment = Payment.objects.get(pk=payment.pk)
        payment.order, payment.brand = order, order.brand
        if session.is_paid and payment.state in {Payment.State.OPEN, Payment.State.EXPIRED}:
            # Paid is the truth, whatever we believed of this attempt.
            _settle_paid(payment, order, session, now)
        elif payment.state == Payment.State.OPEN and session.is_over:
            payment.state, payment.settled_at = Payment.State.EXPIRED, now
            payment.url_ciphertext = b""
            payment.save(update_fields=["state", "settled_at", "url_ciphertext"])
            if order.offer_id and order.state == Order.State.PENDING:
                purchase.let_go(order_id=order.pk)
            _tell_sender(order, payment, session)
        elif payment.state == Payment.State.OPEN:
            _tell_sender(order, payment, session)
        if payment.state in Payment.MONEY_CAME and payment.fee is None and session.fee is not None:
            fees.book(payment, session.fee, session.fee_currency, now)
    return payment


def _tell_sender(order: Order, payment: Payment, session: Session) -> None:
    """What the order's page says of it. Only of the newest try: earlier ones are over."""
    if order.state != Order.State.PENDING or order.payments.filter(attempt__gt=payment.attempt):
        return
    said = Order.Payment.OPEN
    if session.is_over:
        closed = session.status == "expired"
        said = Order.Payment.CLOSED if closed else Order.Payment.FAILED
    elif session.is_under_way:
        said = Order.Payment.UNDER_WAY
    elif session.was_declined:
        said = Order.Payment.DECLINED
    if order.payment != said:
        order.payment = said
        order.save(update_fields=["payment"])


def _find(session: Session) -> Payment | None:
    """By session id; or, when Stripe's answer to our own request was lost, by the attempt it names."""
    payments = Payment.objects.select_related("brand")
    known = payments.filter(session_id=session.id).first()
    if known or not re.fullmatch("[0-9]{1,4}", session.attempt):
        return known
    lost = payments.never_answered(session.order_id).filter(attempt=session.attempt).first()
    if lost:
        lost.remember_page(session_id=session.id, url=session.url)
    return lost


def _settle_paid(payment: Payment, order: Order, session: Session, now: datetime) -> None:
    payment.settled_at, payment.url_ciphertext = now, b""
    payment.payment_intent_id, payment.charge_id = session.payment_intent_id, session.charge_id
    try:
        if order.state == Order.State.PAID:
            raise fulfilment.PaymentMismatchError("the order was paid before")
        fulfilment.fulfil(
            order,
            fulfilment.PaidCheckout(
                amount=session.amount,
                currency=session.currency,
                livemode=session.livemode,
                expected_livemode=settings.STRIPE_LIVEMODE,
            ),
            now,
        )
    except fulfilment.PaymentMismatchError as mismatch:
        payment.state, payment.problem = Payment.State.REFUSED, str(mismatch)[:200]
        log.error("payment %s refused: %s", payment.pk, mismatch)
        payment.save()
        if order.state != Order.State.PAID:
            order.payment = Order.Payment.SENT_BACK
            order.save(update_fields=["payment"])
            if order.offer_id and not order.payments.filter(state=Payment.State.OPEN).exists():
                purchase.let_go(order_id=order.pk)
        _owe_back(payment, session, now)
    else:
        payment.state = Payment.State.PAID
        payment.save()


def _owe_back(payment: Payment, session: Session, now: datetime) -> None:
    """The money is here, and is its sender's."""
    post(
        brand=payment.brand,
        kind=JournalEntry.Kind.REFUSED,
        reference=f"payment:{payment.pk}",
        currency=session.currency,
        legs=[
            Leg(Account.STRIPE_CLEARING, session.amount),
            Leg(Account.CUSTOMER_REFUNDS_PAYABLE, -session.amount),
        ],
        now=now,
    )
    emit(
        topic=Topic.PAYMENT_REFUSED,
        brand_id=payment.brand_id,
        payload={
            "payment_id": payment.pk,
            "amount": session.amount,
            "currency": session.currency,
        },
        now=now,
    )
