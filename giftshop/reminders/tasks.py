"""Celery's task that looks at gifts of which something is to be said."""

from celery import shared_task
from django.utils import timezone

from giftshop.reminders import look


@shared_task(name="reminders.look")
def look_at_gifts() -> None:
    look.run(now=timezone.now())
