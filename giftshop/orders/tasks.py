"""Celery's door to the upkeep of orders."""

from celery import shared_task
from django.utils import timezone
from django_scopes import scopes_disabled

from giftshop.orders import forgetting


@shared_task(name="orders.forget_old_drafts")
def forget_old_drafts() -> None:
    with scopes_disabled():
        forgetting.forget_old_drafts(now=timezone.now())
