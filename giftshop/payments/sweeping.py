"""Payments nobody came back from: the browser was closed, a webhook was lost, our answer was lost."""

import logging
from datetime import datetime, timedelta

from django_scopes import scope

from giftshop.payments import checkout_session, settling, stripe_client
from giftshop.payments.models import Payment

ABANDONED_AFTER = timedelta(minutes=3)

log = logging.getLogger(__name__)


def settle_abandoned(*, now: datetime) -> int:
    """Ask Stripe about every open attempt that is older than a few minutes; how many were asked.

    Expects scopes to be disabled: it looks at every brand's.
    """
    abandoned = (
        Payment.objects.open()
        .filter(opened_at__lt=now - ABANDONED_AFTER)
        .select_related("brand", "order__brand")
        .order_by("opened_at")[:200]
    )
    for payment in abandoned:
        try:
            with scope(brand=payment.brand):
                _settle(payment, now)
        except stripe_client.StripeUnavailable:
            log.warning("Stripe is away; open payments wait for the next sweep")
            break
    return len(abandoned)


def _settle(payment: Payment, now: datetime) -> None:
    try:
        session_id = payment.session_id or checkout_session.create(payment=payment)
    except stripe_client.SessionRefused:
        log.info("an attempt that never got its page is over")
    else:
        settling.settle(session_id=session_id, now=now)
