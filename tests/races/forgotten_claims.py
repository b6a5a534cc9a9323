"""The product's Celery without what takes back a dead worker's claims: its claims name nobody."""

import django

from giftshop.celery import app

django.setup()

from giftshop.outbox import workers  # noqa: E402 (models need the set-up)

workers.current_worker = lambda: None

__all__ = ["app"]
