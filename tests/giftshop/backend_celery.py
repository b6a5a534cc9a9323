"""The product's Celery application, and one with Celery's own fixup for the positive control, both with
a task that notes by which backend of PostgreSQL it was served: `-A tests.giftshop.backend_celery:kept`.
"""

import os
from pathlib import Path

from celery import Celery, shared_task

from giftshop.celery import app as kept

closing = Celery("closing", set_as_current=False)
closing.config_from_object("django.conf:settings", namespace="CELERY")

NOTE = "tests.note_backend"

__all__ = ["closing", "kept"]


@shared_task(name=NOTE)
def note_backend() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_backend_pid(), current_setting('statement_timeout'),"
            " current_setting('lock_timeout')"
        )
        pid, *timeouts = cursor.fetchone()
    with Path(os.environ["BACKENDS"]).open("a") as notes:
        notes.write(f"{pid} {' '.join(timeouts)}\n")
