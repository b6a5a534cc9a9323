"""Promises kept after commit: a row written with the change it follows from, worked off later."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, Now

from core.ids import uuid7
from giftshop.outbox.topics import Topic

SILENT_AFTER = timedelta(seconds=10)


class WorkerQuerySet(models.QuerySet["Worker"]):
    def alive(self) -> Self:
        """Heard of within ten seconds, by the database's clock. While it has been up for less than
        that it may have been the deaf one: then every worker counts as alive."""
        recently = Now() - SILENT_AFTER
        return self.alias(up_since=UpSince()).filter(
            models.Q(beat_at__gt=recently) | models.Q(up_since__gt=recently)
        )


class Worker(models.Model):
    """A process that claims rows and renews `beat_at` while it lives; see workers.py."""

    NAME_LENGTH = 100

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=NAME_LENGTH)
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField()

    objects = WorkerQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class Lease(models.Model):
    """Who of several may act, for as long as it is renewed; see beat.py."""

    name = models.CharField(primary_key=True, max_length=20)
    holder = models.UUIDField()
    until = models.DateTimeField()
    term = models.PositiveIntegerField(help_text="Grows with each change of holder.")
    acted_at = models.DateTimeField(null=True)
    last_runs = models.JSONField()

    def __str__(self) -> str:
        return self.name


class UpSince(models.Func):
    """When this server of the database was started."""

    function = "pg_postmaster_start_time"
    output_field = models.DateTimeField()


def abandoned() -> models.Q:
    """Rows whose `worker_id` names somebody who is gone or silent. For any table with that column; the
    workers are looked at once for each statement."""
    return models.Q(worker_id__isnull=False) & ~models.Q(
        worker_id__in=Worker.objects.alive().values("pk")
    )


ABOUT = ["order_id", "gift_id", "payment_id"]
"""Keys of a payload by which whoever helps a customer finds what waits."""


def _about() -> Coalesce:
    return Coalesce(*(KeyTextTransform(key, "payload") for key in ABOUT))


def _waits_about_one() -> models.Q:
    return models.Q(done_at__isnull=True, payload__has_any_keys=ABOUT)


class MessageQuerySet(models.QuerySet["Message"]):
    def about(self, ids: Iterable[str]) -> Self:
        """Not done, of these orders and gifts; along an index, however many others wait."""
        return self.alias(about=_about()).filter(_waits_about_one(), about__in=list(ids))

    def due(self, now: datetime) -> Self:
        """Not done, its time has come, and nobody who lives holds it."""
        return self.filter(done_at__isnull=True, available_at__lte=now).filter(
            models.Q(leased_until__isnull=True) | models.Q(leased_until__lte=now) | abandoned()
        )


class Message(models.Model):
    """One row per topic and subscriber. `attempts` fences: only the newest attempt may finish it.

    A row that a trigger wrote has no subscriber yet; the relay gives it one when it first claims it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    topic = models.CharField(max_length=40)
    subscriber = models.CharField(max_length=60)
    brand_id = models.UUIDField(null=True, help_text="Empty: of the installation itself.")
    payload = models.JSONField()
    available_at = models.DateTimeField()
    occurred_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    worker_id = models.UUIDField(null=True)  # whose claim; without one the lease alone counts
    attempts = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["available_at"],
                name="outbox_due",
                condition=models.Q(done_at__isnull=True),
            ),
            models.Index(
                fields=["available_at"],
                name="outbox_untaken",
                condition=models.Q(done_at__isnull=True, leased_until__isnull=True),
            ),
            models.Index(
                fields=["leased_until"],
                name="outbox_lapses",
                condition=models.Q(done_at__isnull=True, leased_until__isnull=False),
            ),
            models.Index(
                fields=["worker_id"],
                name="outbox_holders",
                condition=models.Q(done_at__isnull=True, worker_id__isnull=False),
            ),
            models.Index(_about(), name="outbox_waits_about", condition=_waits_about_one()),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(topic__in=[str(topic) for topic in Topic]),
                name="outbox_topic_is_registered",
            )
        ]

    def __str__(self) -> str:
        return f"{self.topic} -> {self.subscriber}"

    def copy_for(self, subscriber: str) -> "Message":
        """The same message to somebody else; not saved."""
        return Message(
            topic=self.topic,
            subscriber=subscriber,
            brand_id=self.brand_id,
            payload=self.payload,
            available_at=self.available_at,
            occurred_at=self.occurred_at,
        )
