"""What a brand's own people hand out of an offer: a sheet of printed cards, each with a code of its own, or a
gift by e-mail to everybody on a list.

A handout is counted by its offer as so many uses of it (OfferUse.handout_id), so that all caps hold.
"""

from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from brands.models import Brand
from core.ids import uuid7
from core.tenancy import BrandManager
from giftshop.accounts.models import User
from giftshop.friends import salutation
from giftshop.friends.names import LENGTH_MAX as NAME_LENGTH_MAX
from giftshop.offers.models import TERMS_LENGTH_MAX, Offer, OfferUse

REASON_LENGTH_MAX = 200
WORDS_LENGTH_MAX = 600
CARDS_MAX = 500
"""Of one sheet: they are drawn within a second, while somebody waits."""


class Handout(models.Model):
    class Kind(models.TextChoices):
        SHEET = "sheet", _("Sheet of cards")
        LIST = "list", _("E-mail to a list")

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
    consent_words = models.CharField(
        max_length=WORDS_LENGTH_MAX,
        blank=True,
        help_text="Of a list: what whoever made it said of its people's consent, as they read it.",
    )
    language = models.CharField(
        max_length=10, blank=True, help_text="Of a list: what it is written in."
    )
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
                condition=models.Q(kind="sheet", consent_words="")
                | models.Q(kind="list") & ~models.Q(consent_words=""),
                name="handout_to_a_list_keeps_what_was_said_of_consent",
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
    def is_list(self) -> bool:
        return self.kind == self.Kind.LIST

    @property
    def cost(self) -> int:
        """Of all of it at most, minor units of the brand's currency."""
        return self.number * self.amount


class HandoutLine(models.Model):
    """Somebody on a list, to whom the brand itself sends one by e-mail."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        CAME_BACK = "came_back", _("Came back")
        LEFT_OUT = "left_out", _("Left out: wants no mail")
        STOPPED = "stopped", _("Not sent: stopped")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+", db_index=False)
    handout = models.ForeignKey(
        Handout, on_delete=models.PROTECT, related_name="lines", db_index=False
    )
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=NAME_LENGTH_MAX, blank=True)
    email = models.CharField(max_length=254, blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    use = models.OneToOneField(
        OfferUse,
        on_delete=models.SET_NULL,
        null=True,
        related_name="handout_line",
        help_text="What is kept free for them, and then given; nothing: it was let go.",
    )
    opened_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)

    objects = BrandManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["handout", "position"], name="handout_line_once_in_its_place"
            ),
            models.CheckConstraint(
                condition=models.Q(erased_at=None) | models.Q(name="", email=""),
                name="handout_line_erased_names_nobody",
            ),
        ]
        indexes = [
            models.Index("brand", Upper("email"), name="handout_line_by_address"),
        ]

    def __str__(self) -> str:
        return f"{self.handout_id}, {self.position}"

    @property
    def short_name(self) -> str:
        return salutation.short_name(self.name)


class ListDraft(models.Model):
    """A list that was typed or uploaded and waits for the yes of whoever did: one at a time for a person and
    a brand, seen by them alone. It goes once it is sent, with the next one, or after a day."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+", db_index=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="+")
    lines = models.JSONField(help_text="As handouts.people reads them, in their order.")
    created_at = models.DateTimeField()

    objects = BrandManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["brand", "user"], name="list_draft_once_for_a_person_and_brand"
            )
        ]

    def __str__(self) -> str:
        return f"{len(self.lines)} lines"
