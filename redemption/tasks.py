"""Celery's doors to redemption's own upkeep."""

from celery import shared_task
from django.utils import timezone
from django_scopes import scopes_disabled

from redemption import wiping


@shared_task(name="redemption.wipe_spent_codes")
def wipe_spent_codes() -> None:
    with scopes_disabled():
        wiping.wipe_spent_codes(now=timezone.now())
