"""Celery's doors to the inbox and to payments nobody came back from."""

from celery import shared_task
from django.utils import timezone
from django_scopes import scopes_disabled

from giftshop.payments import inbox, sweeping


@shared_task(name="payments.process_pending_events")
def process_pending_events() -> None:
    inbox.process_pending(now=timezone.now())


@shared_task(name="payments.fetch_undelivered_events")
def fetch_undelivered_events() -> None:
    inbox.fetch_undelivered(now=timezone.now())


@shared_task(name="payments.settle_open_sessions")
def settle_open_sessions() -> None:
    with scopes_disabled():
        sweeping.settle_abandoned(now=timezone.now())
        sweeping.settle_missing_fees(now=timezone.now())
