"""Celery's tasks for redemption's own upkeep."""

from celery import shared_task
from django.utils import timezone
from django_scopes import scopes_disabled

from redemption.audit import checkpoints
from redemption.codes import expire, wipe


@shared_task(name="redemption.wipe_spent_codes")
def wipe_spent_codes() -> None:
    with scopes_disabled():
        wipe.wipe_spent_codes(now=timezone.now())


@shared_task(name="redemption.expire_codes")
def expire_codes() -> None:
    with scopes_disabled():
        expire.expire_due(now=timezone.now())


@shared_task(name="redemption.seal_facts")
def seal_facts() -> None:
    checkpoints.seal_facts(now=timezone.now())
