"""What the people who run the product were told, and what they looked for."""

from django.conf import settings
from django.db import models


class OperatorAlarm(models.Model):
    """One row for each kind of alarm, so that several processes tell it once; see operator_alarms.py."""

    KIND_LENGTH = 40

    kind = models.CharField(primary_key=True, max_length=KIND_LENGTH)
    due_at = models.DateTimeField()  # when it may be told again

    def __str__(self) -> str:
        return self.kind


class SearchInVain(models.Model):
    """Support looked for an order and found none; see operator/support/in_vain.py."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.CharField(max_length=10)
    """What was said: an address, the last four signs of a code."""
    about = models.CharField(max_length=254)
    """Masked."""
    reason = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.by} {self.at}"
