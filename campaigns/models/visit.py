"""Who came by which link, and which link earned which order. Facts: the database refuses edits."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from brands.models import Brand, Store
from campaigns.models.campaign import Campaign, Link
from core.ids import uuid7
from core.tenancy import BrandManager


class Visit(models.Model):
    """One follow of a link by a browser. Neither address nor device is kept, only a digest of the
    random id that the browser was given. Only a follow that is no repeat is counted as a visit."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+", db_index=False)
    link = models.ForeignKey(Link, on_delete=models.PROTECT, related_name="visits", db_index=False)
    campaign = models.ForeignKey(
        Campaign,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        help_text="That of the link when it was followed; the link may be another's by now.",
    )
    visitor = models.BinaryField(max_length=32, help_text=_("SHA-256 of the visitor id."))
    new_visitor = models.BooleanField(help_text=_("The browser had no visitor id before."))
    is_repeat = models.BooleanField(
        db_default=False,
        help_text=_("The same browser followed the link within half an hour before."),
    )
    source = models.CharField(
        max_length=60,
        blank=True,
        db_default="",
        help_text=_("What its address said as utm_source."),
    )
    at = models.DateTimeField()

    objects = BrandManager()

    class Meta:
        indexes = [
            models.Index(fields=["brand", "visitor", "-at"], name="visit_by_visitor"),
            models.Index(fields=["brand", "-at", "-id"], name="visit_by_time"),
            models.Index(fields=["link", "-at", "-id"], name="visit_by_link"),
            models.Index(fields=["campaign", "-at", "-id"], name="visit_by_campaign"),
        ]

    def __str__(self) -> str:
        return f"{self.link_id} at {self.at:%Y-%m-%d %H:%M}"


class CounterVisit(models.Model):
    """A phone followed the code that a till showed after handing over; by the same phone once. It came by no
    campaign: its source is the counter of a store. Kept of the phone as in Visit."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+", db_index=False)
    store = models.ForeignKey(Store, on_delete=models.PROTECT, related_name="+", db_index=False)
    redemption_id = models.UUIDField(help_text="After which the code was shown.")
    visitor = models.BinaryField(max_length=32, help_text="SHA-256 of the visitor id.")
    at = models.DateTimeField()

    objects = BrandManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["redemption_id", "visitor"], name="counter_visit_once_per_phone"
            )
        ]
        indexes = [models.Index(fields=["brand", "-at", "-id"], name="counter_visit_by_time")]

    def __str__(self) -> str:
        return f"{self.store_id} at {self.at:%Y-%m-%d %H:%M}"


class Attribution(models.Model):
    """Which link earned an order; decided once. A row without a link says: none did."""

    order_id = models.UUIDField(
        primary_key=True, editable=False, help_text=_("Opaque: orders know nothing of us.")
    )
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, null=True, related_name="+")
    link = models.ForeignKey(Link, on_delete=models.PROTECT, null=True, related_name="+")
    visit_id = models.UUIDField(
        null=True, help_text="The visit that earned it, which need not be kept as long."
    )
    decided_at = models.DateTimeField()

    objects = BrandManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(campaign__isnull=True, link__isnull=True, visit_id__isnull=True)
                | models.Q(campaign__isnull=False, link__isnull=False, visit_id__isnull=False),
                name="attribution_is_whole_or_none",
            )
        ]

    def __str__(self) -> str:
        return f"{self.order_id} by {self.link_id or 'no link'}"
