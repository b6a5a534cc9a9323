"""Payments nobody came back from: the browser was closed, a webhook was lost, our answer was lost."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django_scopes import scope

from giftshop.payments import checkout_session, settling, stripe_client
from giftshop.payments.models import Payment

ABANDONED_AFTER = timedelta(minutes=3)
FEES_KNOWN_WITHIN = timedelta(days=3)
AT_ONCE = 200

log = logging.getLogger(__name__)


def settle_abandoned(*, now: datetime) -> int:
    """Ask Stripe about every open attempt that is older than a few minutes; how many were asked.

    Expects scopes to be disabled, as the next does: both look at every brand's.
    """
    abandoned = (
        Payment.objects.open()
        .filter(opened_at__lt=now - ABANDONED_AFTER)
        .select_related("brand", "order__brand")
        .order_by("opened_at")[:AT_ONCE]
    )
    return _each(abandoned, lambda payment: _settle(payment, now))


def settle_missing_fees(*, now: datetime) -> int:
    """Ask again about paid attempts whose fee was not known yet; how many were asked."""
    without_fee = (
        Payment.objects.filter(state=Payment.State.PAID, fee__isnull=True)
        .filter(settled_at__range=(now - FEES_KNOWN_WITHIN, now - ABANDONED_AFTER))
        .exclude(session_id=None)
        .select_related("brand")
        .order_by("settled_at")[:AT_ONCE]
    )
    return _each(without_fee, lambda payment: _settle(payment, now))


def _each(payments: Iterable[Payment], act: Callable[[Payment], None]) -> int:
    """One that fails holds up no other; Stripe being away holds up all."""
    asked = 0
    for payment in payments:
        try:
            with scope(brand=payment.brand):
                act(payment)
        except stripe_client.StripeUnavailable:
            log.warning("Stripe is away; payments wait for the next sweep")
            break
        except Exception:
            log.exception("payment %s could not be settled", payment.pk)
        asked += 1
    return asked


def _settle(payment: Payment, now: datetime) -> None:
    try:
        session_id = payment.session_id or checkout_session.create(payment=payment)
    except stripe_client.SessionRefused:
        log.info("an attempt that never got its page is over")
    else:
        settling.settle(session_id=session_id, now=now)
