"""What a brand's own people hand out of an offer: a sheet of printed cards, each with a code of its own.

A handout is counted by its offer as so many uses of it (OfferUse.handout_id), so that all caps hold.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from brands.models import Brand
from core.ids import uuid7
from core.tenancy import BrandManager
from giftshop.offers.models import TERMS_LENGTH_MAX, Offer

REASON_LENGTH_MAX = 200
CARDS_MAX = 500
"""Of one sheet: they are drawn within a second, while somebody waits."""


class Handout(models.Model):
    class Kind(models.TextChoices):
        SHEET = "sheet", _("Sheet of cards")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+", db_index=False)
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=5, choices=Kind.choices)
    key = models.UUIDField(help_text="Of the form that made it: sent twice, it makes one.")
    reason = models.CharField(max_length=REASON_LENGTH_MAX)
    terms = models.CharField(
        max_length=TERMS_LENGTH_MAX, blank=True, help_text="As they were told to whoever gets one."
    )
    label = models.CharField(max_length=124, help_text="What each gives, as its code says.")
    number = models.PositiveSmallIntegerField()
    amount = models.PositiveBigIntegerField(help_text="What each costs at most: minor units.")
    good_from = models.DateTimeField()
    good_until = models.DateTimeField(help_text="When the last of its codes ends.")
    made_at = models.DateTimeField()
    made_by = models.UUIDField()
    made_by_name = models.CharField(max_length=120)
    ended_at = models.DateTimeField(null=True)
    ended_by_name = models.CharField(max_length=120, blank=True)
    end_reason = models.CharField(max_length=REASON_LENGTH_MAX, blank=True)

    objects = BrandManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brand", "key"], name="handout_made_once_for_its_form"),
            models.CheckConstraint(
                condition=models.Q(number__gt=0, amount__gt=0), name="handout_gives_something"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None, ended_by_name="", end_reason="")
                | models.Q(ended_at__isnull=False) & ~models.Q(ended_by_name="", end_reason=""),
                name="handout_says_who_ended_it_and_why",
            ),
        ]
        indexes = [
            models.Index(fields=["brand", "-made_at"], name="handout_newest_of_brand"),
            models.Index(fields=["offer", "-made_at"], name="handout_newest_of_offer"),
        ]

    def __str__(self) -> str:
        return f"{self.number} of {self.label}"

    @property
    def cost(self) -> int:
        """Of all of it at most, minor units of the brand's currency."""
        return self.number * self.amount
