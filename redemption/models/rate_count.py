"""How often something was done of late, by whom: what rate_limits.py counts."""

from django.db import models


class RateCount(models.Model):
    """Acts within one window of time. The key is a digest: no address is kept."""

    key = models.CharField(max_length=80, primary_key=True, help_text="page:kind:digest")
    since = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.key}: {self.count}"
