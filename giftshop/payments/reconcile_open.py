"""Payments nobody came back from: the browser was closed, a webhook was lost, our answer was lost."""

import logging
import time
from datetime import datetime, timedelta

from django.db import transaction
from django_scopes import scope

from giftshop.payments import checkout_session, fees, settle
from giftshop.payments.models import Payment
from giftshop.payments.stripe import charges, sessions
from giftshop.payments.stripe import client as stripe_sdk

ABANDONED_AFTER = timedelta(minutes=3)
FEES_KNOWN_WITHIN = timedelta(days=3)
FEES_LISTED_WITHIN = timedelta(minutes=30)
STRAGGLERS_ASKED_EVERY = timedelta(hours=1)
AT_ONCE = 200
FEES_AT_ONCE = 5_000
RUN_SECONDS = 10.0
"""Of each of the two, every minute: however slowly Stripe answers, mails and facts have the worker for most
of the time. What is left waits for the next run; events bring most of it sooner."""

log = logging.getLogger(__name__)


def settle_abandoned(*, now: datetime, seconds: float = RUN_SECONDS) -> int:
    """Ask Stripe about open attempts, each once in a few minutes; how many were asked.

    Those that were not asked for longest come first, so that all get their turn however many there are.
    One that fails holds up no other; StripeUnavailable is raised at once, as the next one would wait as
    long. Expects scopes to be disabled, as the next does: both look at every brand's.
    """
    stop, asked = time.monotonic() + seconds, 0
    while asked < AT_ONCE and time.monotonic() < stop and (payment := _next_open(now)):
        asked += 1
        try:
            with scope(brand=payment.brand):
                _settle(payment, now)
        except stripe_sdk.StripeUnavailable:
            raise
        except Exception:
            log.exception("payment %s could not be settled", payment.pk)
    return asked


def _next_open(now: datetime) -> Payment | None:
    """The open attempt that was not asked about for longest, now marked as asked. 4 statements."""
    with transaction.atomic():
        payment = (
            Payment.objects.open()
            .filter(asked_at__lt=now - ABANDONED_AFTER)
            .order_by("asked_at")
            .select_related("brand", "order__brand")
            .select_for_update(of=("self",), no_key=True, skip_locked=True)
            .first()
        )
        if payment:
            payment.asked_at = now
            payment.save(update_fields=["asked_at"])
    return payment


def _settle(payment: Payment, now: datetime) -> None:
    try:
        session_id = payment.session_id or checkout_session.create(payment=payment)
    except sessions.SessionRefused:
        log.info("an attempt that never got its page is over")
    else:
        settle.settle(session_id=session_id, now=now)


def settle_missing_fees(*, now: datetime, seconds: float = RUN_SECONDS) -> int:
    """Post fees that were not known yet when an order was paid; how many were found.

    Those of the last minutes are listed together, a hundred a call; the few that come later are asked for
    one by one, now and then. Raises StripeUnavailable; what was found by then is posted.
    """
    stop = time.monotonic() + seconds
    return _list_fees(now, stop) + _ask_for_stragglers(now, stop)


def _list_fees(now: datetime, stop: float) -> int:
    fresh = (
        Payment.objects.without_fee()
        .filter(settled_at__range=(now - FEES_LISTED_WITHIN, now))
        .select_related("brand")
        .order_by("settled_at")[:FEES_AT_ONCE]
    )
    waiting = {payment.charge_id: payment for payment in fresh if payment.charge_id}
    found = 0
    if not waiting:
        return found
    since = min(payment.opened_at for payment in waiting.values())
    for fee in charges.fees(since=since):
        if payment := waiting.pop(fee.charge_id, None):
            fees.record(payment=payment, fee=fee.amount, currency=fee.currency, now=now)
            found += 1
        if not waiting or time.monotonic() >= stop:
            break
    return found


def _ask_for_stragglers(now: datetime, stop: float) -> int:
    late = (
        Payment.objects.without_fee()
        .filter(settled_at__range=(now - FEES_KNOWN_WITHIN, now - FEES_LISTED_WITHIN))
        .filter(asked_at__lt=now - STRAGGLERS_ASKED_EVERY)
        .exclude(charge_id="")
        .select_related("brand")
        .order_by("settled_at")[:AT_ONCE]
    )
    found = 0
    for payment in late:
        if time.monotonic() >= stop:
            break
        Payment.objects.filter(pk=payment.pk).update(asked_at=now)
        for fee in charges.fees(since=payment.opened_at, charge_id=payment.charge_id):
            fees.record(payment=payment, fee=fee.amount, currency=fee.currency, now=now)
            found += 1
    return found
