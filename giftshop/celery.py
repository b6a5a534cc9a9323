"""The Celery application: it carries what the outbox has promised."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_process_init, worker_process_shutdown

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "giftshop.settings")

app = Celery("giftshop", fixups=["giftshop.celery_fixup:fixup"])
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def begin_to_beat(**_: Any) -> None:
    """In each process that runs tasks, not in the one that started it: it is theirs to live or die."""
    from giftshop.outbox import workers  # only now are the models loaded

    workers.start("celery")


def give_back_claims(**_: Any) -> None:
    from giftshop.outbox import workers

    workers.stop()


worker_process_init.connect(begin_to_beat, weak=False)
worker_process_shutdown.connect(give_back_claims, weak=False)
