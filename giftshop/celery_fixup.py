"""A worker keeps its connection to the database from one task to the next.

Celery's own fixup closes Django's connections before and after each task, the whole pool with them: most
of what a small task costs, for the worker and for PostgreSQL. A worker process runs one task at a time
and has no use for a pool. So it has one connection, without an age; around each task Django looks whether
the connection still does, as it does around requests, and asks it before its first use.
"""

from functools import cached_property
from typing import Any

from celery import Celery
from celery.fixups.django import DjangoFixup, DjangoWorkerFixup
from django.db import connections


class WorkerFixup(DjangoWorkerFixup):  # type: ignore[misc]
    """Only worker processes install it; web, beat and commands keep what the settings say."""

    def install(self) -> "WorkerFixup":
        """Called in the worker's main process, before it forks those that run tasks."""
        super().install()  # closes the pool, if one is open
        for database in connections.settings.values():
            database["OPTIONS"].pop("pool", None)
            database["CONN_MAX_AGE"] = None
        return self

    def on_task_prerun(self, sender: Any, **_: Any) -> None:
        self._look_at_connections(sender)

    def on_task_postrun(self, sender: Any, **_: Any) -> None:
        self._look_at_connections(sender)
        self.close_cache()

    def _look_at_connections(self, task: Any) -> None:
        if getattr(task.request, "is_eager", False):
            return
        for connection in connections.all(initialized_only=True):
            connection.close_if_unusable_or_obsolete()


class Fixup(DjangoFixup):  # type: ignore[misc]
    """Celery's own, but for what its workers do with connections."""

    @cached_property
    def worker_fixup(self) -> WorkerFixup:
        return WorkerFixup(self.app)  # only now: it reads the app's configuration


def fixup(app: Celery) -> Fixup:
    """For `Celery(fixups=...)`, in the place of Celery's own."""
    installed = Fixup(app)
    installed.install()
    return installed
