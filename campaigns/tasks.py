"""Celery's task that promises Monday letters."""

from celery import shared_task
from django.utils import timezone

from campaigns.letter import look


@shared_task(name="campaigns.promise_letters")
def promise_letters() -> None:
    look.run(now=timezone.now())
