"""Who came by which link, and which link earned which order. Facts: the database refuses edits."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from brands.models import Brand, Store
from campaigns.models.campaign import Campaign, Link
from core.ids import uuid7
from core.tenancy import BrandManager


class Visit(models.Model):
    """One follow of a link by a browser. Neither address nor device is kept, only a digest of the random id
    that the browser was given, if it may be known again. Only a follow that is no repeat is counted as a
    visit. The yes of a browser that was counted without an id is a row beside that follow: it says since when
    the id is a visitor's, and that somebody said so."""

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
    visitor = models.BinaryField(
        max_length=32, help_text="SHA-256 of the visitor id; empty: not known again."
    )
    new_visitor = models.BooleanField(
        null=True, help_text="The browser had no visitor id before; empty: nobody may know."
    )
    is_repeat = models.BooleanField(
        db_default=False,
        help_text=_("The same browser followed the link within half an hour before."),
    )
    said_yes = models.BooleanField(
        db_default=False,
        help_text="No follow: its browser was not known again, and said that it may be.",
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
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    visitor=b"", new_visitor__isnull=True, is_repeat=False, said_yes=False
                )
                | (~models.Q(visitor=b"") & models.Q(new_visitor__isnull=False)),
                name="visit_says_nothing_of_who_is_not_known",
            ),
            models.CheckConstraint(
                condition=models.Q(said_yes=False) | models.Q(is_repeat=True),
                name="visit_yes_is_no_visit_of_its_own",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.link_id} at {self.at:%Y-%m-%d %H:%M}"


class CounterVisit(models.Model):
    """A phone followed the code that a till showed after handing over; by the same phone once. It came by no
    campaign: its source is the counter of a store. Kept of the phone as in Visit; those that are not known
    again are one row for each code."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+", db_index=False)
    store = models.ForeignKey(Store, on_delete=models.PROTECT, related_name="+", db_index=False)
    redemption_id = models.UUIDField(help_text="After which the code was shown.")
    visitor = models.BinaryField(
        max_length=32, help_text="SHA-256 of the visitor id; empty: not known again."
    )
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
        null=True,
        help_text="The visit that earned it, which need not be kept as long; empty: not known.",
    )
    decided_at = models.DateTimeField()

    objects = BrandManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(campaign__isnull=True, link__isnull=True, visit_id__isnull=True)
                | models.Q(campaign__isnull=False, link__isnull=False),
                name="attribution_is_whole_or_none",
            )
        ]

    def __str__(self) -> str:
        return f"{self.order_id} by {self.link_id or 'no link'}"
