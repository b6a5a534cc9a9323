"""Goodwill gifts: what each manager gave at which store, and why."""

from django.db import models

from brands.models import Brand, Store
from core.ids import uuid7
from core.tenancy import BrandManager
from redemption.models.code import Code
from redemption.models.staff import StaffMember


class GoodwillGift(models.Model):
    """A fact: inserted once with its code, refused by the database when edited."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+", db_index=False)
    code = models.OneToOneField(Code, on_delete=models.PROTECT, related_name="goodwill")
    store = models.ForeignKey(Store, on_delete=models.PROTECT, related_name="+", db_index=False)
    staff = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    amount = models.PositiveBigIntegerField()
    reason = models.CharField(max_length=200)
    given_at = models.DateTimeField()

    objects = BrandManager()

    class Meta:
        indexes = [
            models.Index(fields=["store", "given_at"], name="goodwill_day_of_store"),
            models.Index(fields=["staff", "given_at"], name="goodwill_day_of_staff"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} at {self.given_at:%Y-%m-%d %H:%M}"
