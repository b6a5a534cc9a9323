"""Promises kept after commit: a row written with the change it follows from, worked off later."""

from datetime import datetime

from django.db import models

from redemption.ids import uuid7


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self, now: datetime) -> "MessageQuerySet":
        """Not done, its time has come, and nobody holds it."""
        return self.filter(done_at__isnull=True, available_at__lte=now).filter(
            models.Q(leased_until__isnull=True) | models.Q(leased_until__lte=now)
        )


class Message(models.Model):
    """One row per topic and subscriber. `attempts` fences: only the newest attempt may finish it.

    A row that a trigger wrote has no subscriber yet; the relay gives it one when it first claims it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    topic = models.CharField(max_length=40)
    subscriber = models.CharField(max_length=60)
    brand_id = models.UUIDField()
    payload = models.JSONField()
    available_at = models.DateTimeField()
    occurred_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
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
