"""What the people who run the product were told."""

from django.db import models


class OperatorAlarm(models.Model):
    """One row for each kind of alarm, so that several processes tell it once; see operator_alarms.py."""

    KIND_LENGTH = 40

    kind = models.CharField(primary_key=True, max_length=KIND_LENGTH)
    due_at = models.DateTimeField()  # when it may be told again

    def __str__(self) -> str:
        return self.kind
