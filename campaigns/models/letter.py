"""What was promised of Monday letters, and who wants none."""

from django.db import models

from brands.models import Brand, Store
from core.ids import uuid7
from core.tenancy import BrandManager
from giftshop.accounts.models import User


class Letter(models.Model):
    """Of one week, to a brand's owners or, with a store, to those who run it. The row is the promise: there
    is one, however many look."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+", db_index=False)
    store = models.ForeignKey(Store, on_delete=models.PROTECT, null=True, related_name="+")
    monday = models.DateField(help_text="The day after the week, by the clock of brand or store.")
    created_at = models.DateTimeField()

    objects = BrandManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["brand", "store", "monday"],
                nulls_distinct=False,
                name="letter_once_a_week",
            )
        ]

    def __str__(self) -> str:
        return f"{self.monday}"


class LetterStop(models.Model):
    """Somebody wants no Monday letter of a brand."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField()

    objects = BrandManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brand", "user"], name="letter_stopped_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id}"
