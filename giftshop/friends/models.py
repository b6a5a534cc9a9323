"""The people gifts go to. They never signed up, so what we know of them lives in this one table."""

from django.db import models

from brands.models import Brand
from core.ids import uuid7
from core.tenancy import BrandManager
from giftshop.friends import salutation


class Friend(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    email = models.EmailField(blank=True)
    time_zone = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = BrandManager()

    def __str__(self) -> str:
        return self.name

    @property
    def short_name(self) -> str:
        """How pages and e-mails call this friend."""
        return salutation.short_name(self.name)
