"""Celery's tasks: the inbox, and payments that nobody came back from."""

import logging

from celery import shared_task
from django.utils import timezone
from django_scopes import scopes_disabled

from giftshop.http.outside_calls import in_short
from giftshop.payments import event_watermark, inbox, reconcile_open
from giftshop.payments.stripe.client import StripeUnavailable

TURN_SECONDS = 5.0
"""After so long a worker looks what waits in the other queues. Longer than their turns: whoever has paid
waits for a code, and one worker at a time works off events, which leaves the others to them."""
STALE_SECONDS = 5
"""A call that nobody came to for so long has been repeated by beat since."""

log = logging.getLogger(__name__)


@shared_task(name="payments.work_off_events", time_limit=45, soft_time_limit=30)
def work_off_events() -> None:
    if inbox.work(seconds=TURN_SECONDS):
        work_off_events.apply_async(expires=STALE_SECONDS)


@shared_task(name="payments.list_missed_events", time_limit=120, soft_time_limit=90)
def list_missed_events() -> None:
    with in_short():  # one worker may be waiting for Stripe with an event already
        try:
            event_watermark.list_missed(now=timezone.now())
        except StripeUnavailable:
            log.warning("Stripe is away; its events are listed at the next run")


@shared_task(name="payments.settle_open_sessions", time_limit=120, soft_time_limit=90)
def settle_open_sessions() -> None:
    with in_short(), scopes_disabled():
        try:
            reconcile_open.settle_abandoned(now=timezone.now())
            reconcile_open.settle_missing_fees(now=timezone.now())
        except StripeUnavailable:
            log.warning("Stripe is away; payments wait for the next sweep")
