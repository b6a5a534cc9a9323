"""Celery's task that watches what WhatsApp says of our messages."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from giftshop.texts import approvals, client


@shared_task(name="texts.watch_templates")
def watch_templates() -> None:
    """Nothing where none are sent; while Twilio is away the next turn asks again."""
    if settings.TWILIO:
        try:
            approvals.watch(now=timezone.now())
        except client.Unavailable:
            return
