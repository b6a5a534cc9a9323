"""Celery's doors to the inbox and to payments nobody came back from."""

import logging

from celery import shared_task
from django.utils import timezone
from django_scopes import scopes_disabled

from giftshop.payments import event_watermark, inbox, sweeping
from giftshop.payments.stripe.client import StripeUnavailable

log = logging.getLogger(__name__)


@shared_task(name="payments.claim_events", time_limit=45, soft_time_limit=30)
def claim_events() -> None:
    claims = inbox.claim(now=timezone.now())
    for handed, (event_pk, attempt) in enumerate(claims):
        try:
            process_event.delay(event_pk, attempt)
        except Exception:
            inbox.release(claims=claims[handed:])
            raise


@shared_task(name="payments.process_event", time_limit=45, soft_time_limit=30)
def process_event(event_pk: int, attempt: int) -> None:
    try:
        inbox.process(event_pk=event_pk, attempt=attempt)
    finally:
        claim_events()  # the next one, without waiting for beat


@shared_task(name="payments.list_missed_events", time_limit=120, soft_time_limit=90)
def list_missed_events() -> None:
    try:
        event_watermark.list_missed(now=timezone.now())
    except StripeUnavailable:
        log.warning("Stripe is away; its events are listed at the next run")


@shared_task(name="payments.settle_open_sessions", time_limit=120, soft_time_limit=90)
def settle_open_sessions() -> None:
    with scopes_disabled():
        sweeping.settle_abandoned(now=timezone.now())
        sweeping.settle_missing_fees(now=timezone.now())
