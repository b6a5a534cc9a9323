"""Somebody who tries code after code: how often, since when, and what was raised about it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from brands.models import Brand
from core.ids import uuid7
from core.tenancy import BrandManager
from redemption.models.device import Device


class WrongTries(models.Model):
    """Wrong tries within one window of time, by who tried: a device, an address, or a whole brand.

    Counted here and not in a cache, so that a till is guarded while Valkey is away.
    """

    key = models.CharField(
        max_length=80,
        primary_key=True,
        help_text="device:<id>, ip:<digest>, brand:<id>, all, pins:<device> or pin:<staff>:<device>",
    )
    since = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField()
    blocked_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "wrong tries"

    def __str__(self) -> str:
        return f"{self.key}: {self.count}"


class Alarm(models.Model):
    """What an owner has to hear of at once. Raised once per window of time."""

    class Kind(models.TextChoices):
        WRONG_TRIES = "wrong_tries", _("Many wrong codes")
        WRONG_PINS = "wrong_pins", _("Many wrong PINs")
        GOODWILL = "goodwill", _("Many gifts by hand")
        COPIED_TOKEN = "copied_token", _("A copy of a device")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey(
        Brand,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        help_text="None: tries that belong to no brand; for whoever runs the machine.",
    )
    kind = models.CharField(max_length=16, choices=Kind.choices)
    device = models.ForeignKey(
        Device, on_delete=models.PROTECT, related_name="+", null=True, help_text="If it was at one."
    )
    count = models.PositiveIntegerField()
    since = models.DateTimeField()
    raised_at = models.DateTimeField()

    objects = BrandManager()

    class Meta:
        indexes = [models.Index(fields=["brand", "raised_at"], name="alarm_of_brand")]

    def __str__(self) -> str:
        return f"{self.kind} x {self.count}"
