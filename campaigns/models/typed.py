"""What a marketer types, since nobody tells it to us: how a post did in its network, and what things cost."""

from django.db import models

from brands.models import Brand
from campaigns.models.campaign import Campaign, Link
from core.ids import uuid7
from core.tenancy import BrandManager
from giftshop.catalog.models import Treat

COUNTED = ("likes", "comments", "shares")


class LinkDay(models.Model):
    """Of one link and one day: new likes, comments and shares, and what was spent. Empty: nothing was said.
    It stays with the campaign that the link was of when it was first typed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+", db_index=False)
    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    link = models.ForeignKey(Link, on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    likes = models.PositiveIntegerField(null=True)
    comments = models.PositiveIntegerField(null=True)
    shares = models.PositiveIntegerField(null=True)
    cost = models.PositiveBigIntegerField(null=True, help_text="Minor units.")

    objects = BrandManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["link", "day"], name="link_day_once"),
            models.CheckConstraint(
                condition=models.Q(likes__isnull=False)
                | models.Q(comments__isnull=False)
                | models.Q(shares__isnull=False)
                | models.Q(cost__isnull=False),
                name="link_day_says_something",
            ),
        ]
        indexes = [models.Index(fields=["campaign", "-day"], name="link_day_of_campaign")]

    def __str__(self) -> str:
        return f"{self.link_id} on {self.day}"


class TreatCost(models.Model):
    """What the brand pays for the goods of one treat, as far as it says so: ingredients, cup and spoon."""

    treat = models.OneToOneField(
        Treat, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+", db_index=False)
    amount = models.PositiveBigIntegerField(help_text="Minor units.")

    objects = BrandManager()

    def __str__(self) -> str:
        return f"{self.amount} for {self.treat_id}"
