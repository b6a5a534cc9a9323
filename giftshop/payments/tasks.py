"""Celery's doors to the inbox and to payments nobody came back from. Ids only."""

import logging

from celery import shared_task
from django.utils import timezone
from django_scopes import scopes_disabled

from giftshop.payments import inbox, sweeping

log = logging.getLogger(__name__)


@shared_task(name="payments.process_event", time_limit=60, soft_time_limit=45)
def process_event(event_pk: int) -> None:
    inbox.process(event_pk=event_pk)


@shared_task(name="payments.process_pending_events")
def process_pending_events() -> None:
    for event_pk in inbox.left_over(now=timezone.now()):
        process_event.delay(event_pk)


@shared_task(name="payments.fetch_undelivered_events")
def fetch_undelivered_events() -> None:
    for event in inbox.fetch_undelivered(now=timezone.now()):
        if event.processed_at is None:
            process_event.delay(event.pk)


@shared_task(name="payments.settle_open_sessions")
def settle_open_sessions() -> None:
    with scopes_disabled():
        sweeping.settle_abandoned(now=timezone.now())


def kick(event_pk: int) -> None:
    """Tell a worker now. When the broker is away the row waits for the next sweep; nothing is lost."""
    try:
        process_event.delay(event_pk)
    except Exception:
        log.warning("the broker is away; a Stripe event waits for the sweep", exc_info=True)
