"""A sheet of a menu that was uploaded and waits for the yes of whoever uploaded it."""

from django.db import models

from brands.models import Brand
from core.ids import uuid7
from core.tenancy import BrandManager
from giftshop.accounts.models import User


class MenuImport(models.Model):
    """One at a time for a person and a brand, seen by them alone. It goes once it is taken over, with the
    next one, or after a day."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+", db_index=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField()
    kind = models.CharField(max_length=4)
    """CSV or XLSX."""
    encoding = models.CharField(max_length=12, blank=True)
    separator = models.CharField(max_length=1, blank=True)
    rows = models.JSONField()
    """As giftshop.sheets.table read them, the header first."""
    by_name = models.BooleanField(default=False)
    """Whether a row without an ID means the treat that has its name."""
    shown = models.JSONField(default=dict)
    """What its page said last: see giftshop.studio.sheet.plan."""

    objects = BrandManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["brand", "user"], name="menu_import_once_for_a_person_and_brand"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
