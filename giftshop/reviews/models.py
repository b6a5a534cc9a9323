"""What recipients say of a treat after they enjoyed it, and the sums that are kept of that."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from brands.models import Brand
from core.ids import uuid7
from core.tenancy import BrandManager
from giftshop.catalog.models import Treat
from giftshop.friends.names import LENGTH_MAX as NAME_LENGTH_MAX
from giftshop.orders.models import Gift
from redemption.models import Code

STARS_MAX = 5
WORDS_LENGTH_MAX = 500


class ReviewQuerySet(models.QuerySet["Review"]):
    def waiting(self) -> Self:
        return self.filter(state=Review.State.WAITING)

    def shown(self) -> Self:
        """Of visits that stand: one that was undone, or whose gift was taken back, shows no more."""
        return self.filter(state=Review.State.SHOWN, gift__code__state=Code.State.REDEEMED)


class Review(models.Model):
    """One for each gift, by whoever holds its page. A brand shows or hides it and never edits it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SHOWN = "shown", _("Shown")
        HIDDEN = "hidden", _("Hidden")

    class Reason(models.TextChoices):
        """Why one is hidden: never because it does not please."""

        INSULTING = "insulting", _("insulting words")
        PERSONAL = "personal", _("naming a person")
        ADVERTISING = "advertising", _("advertising")
        OFF_TOPIC = "off_topic", _("being about something else")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+", db_index=False)
    gift = models.OneToOneField(Gift, on_delete=models.PROTECT, related_name="review")
    treat = models.ForeignKey(Treat, on_delete=models.PROTECT, related_name="+", db_index=False)
    stars = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=WORDS_LENGTH_MAX, blank=True)
    name = models.CharField(
        max_length=NAME_LENGTH_MAX, blank=True, help_text="Empty: the recipient gave no name."
    )
    language = models.CharField(max_length=12, help_text="Of the page that it was written on.")
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    hidden_because = models.CharField(max_length=11, choices=Reason.choices, blank=True)
    written_at = models.DateTimeField()
    changed_at = models.DateTimeField(help_text="By the recipient.")
    judged_at = models.DateTimeField(null=True)

    objects = BrandManager.from_queryset(ReviewQuerySet)()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(stars__gte=1, stars__lte=STARS_MAX), name="review_stars_1_to_5"
            ),
            models.CheckConstraint(
                condition=models.Q(state="waiting", judged_at__isnull=True, hidden_because="")
                | models.Q(state="shown", judged_at__isnull=False, hidden_because="")
                | models.Q(state="hidden", judged_at__isnull=False) & ~models.Q(hidden_because=""),
                name="review_hidden_with_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["treat", "state", "changed_at"], name="review_of_treat"),
            models.Index(fields=["brand", "state", "changed_at"], name="review_inbox_of_brand"),
        ]

    def __str__(self) -> str:
        return f"{self.stars} {self.state}"


class Standing(models.Model):
    """Sums of one treat, kept ready for the shop; see standings.py."""

    treat = models.OneToOneField(
        Treat, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+")
    shown = models.PositiveIntegerField(default=0, help_text="Reviews that are shown.")
    stars = models.PositiveIntegerField(default=0, help_text="All of theirs together.")
    given_lately = models.PositiveIntegerField(default=0, help_text="Gifts that were paid.")
    shown_lately = models.PositiveIntegerField(default=0, help_text="Of `shown`, written lately.")
    stars_lately = models.PositiveIntegerField(default=0)
    counted_at = models.DateTimeField()

    objects = BrandManager()

    def __str__(self) -> str:
        return f"{self.stars}/{self.shown}, {self.given_lately}"
