"""Celery carries messages from the relay to their handlers. Ids only; a lost task is claimed again."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from giftshop.outbox import relay as outbox_relay


@shared_task(name="outbox.relay", time_limit=60, soft_time_limit=45)
def relay() -> None:
    now = timezone.now()
    claims = outbox_relay.claim(now=now, limit=outbox_relay.room(now=now))
    for handed, (message_id, attempt) in enumerate(claims):
        try:
            deliver.delay(str(message_id), attempt)
        except Exception:
            outbox_relay.release(claims=claims[handed:])
            raise


@shared_task(name="outbox.deliver", time_limit=60, soft_time_limit=45)
def deliver(message_id: str, attempt: int) -> None:
    outbox_relay.deliver(message_id=UUID(message_id), attempt=attempt)
