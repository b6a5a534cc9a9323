"""Celery's task that purges."""

from celery import shared_task
from django.utils import timezone

from giftshop.operator import retention
from giftshop.operator.brands import close
from giftshop.payments import cut_events
from giftshop.privacy import clear


@shared_task(name="giftshop.delete_what_is_past_its_time")
def delete_what_is_past_its_time() -> None:
    retention.run(now=timezone.now())
    close.run(now=timezone.now())
    clear.run(now=timezone.now())
    cut_events.cut(now=timezone.now())
