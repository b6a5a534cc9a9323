"""Why people come: what a brand's team believes, and what senders and recipients say. An answer names
nobody: its key is a keyed digest of the page that it was given on, its id says no time, and its day is all
that is kept of when."""

from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from brands.models import Brand
from core.ids import uuid7
from core.tenancy import BrandManager


class Reason(models.TextChoices):
    """The twelve that the study of 2011 asked about (study.py), in our words, for a shop that sells gifts."""

    DISCOUNT = "discount", _("A discount or a coupon")
    TREAT = "treat", _("A treat for someone")
    REVIEWS = "reviews", _("What others say about it")
    INFORMATION = "information", _("Opening hours, stores and the menu")
    EXCLUSIVE = "exclusive", _("News that others get later")
    NEW = "new", _("New treats on the menu")
    OPINION = "opinion", _("Giving an opinion")
    SERVICE = "service", _("Help with something")
    EVENT = "event", _("An event")
    CLOSE = "close", _("Feeling close to the brand")
    IDEAS = "ideas", _("Ideas for new treats")
    COMMUNITY = "community", _("Being part of a community")


class Round(models.Model):
    """The team is asked, all of it once; the newest round of a brand is the one that counts."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+", db_index=False)
    opened_on = models.DateField(help_text="By the brand's clock.")

    objects = BrandManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["brand", "opened_on"], name="reasons_one_round_of_a_brand_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.opened_on}"


class Skip(models.Model):
    """A member of the team would rather not say, in this round."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+")
    key = models.BinaryField(
        max_length=32,
        unique=True,
        help_text="As that of an answer: keyed digest of round and member.",
    )

    objects = BrandManager()

    def __str__(self) -> str:
        return "skipped"


class Answer(models.Model):
    """Three of the twelve, the strongest first."""

    class Side(models.TextChoices):
        """Who says it: the first three, named as roles are, believe; the others know of themselves."""

        OWNER = "owner", _("Owner")
        MANAGER = "store_manager", _("Store manager")
        MARKETER = "marketer", _("Marketer")
        SENDER = "sender", _("Senders")
        RECIPIENT = "recipient", _("Recipients")

    TEAM = (Side.OWNER, Side.MANAGER, Side.MARKETER)

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=13, choices=Side.choices)
    round = models.ForeignKey(
        Round,
        on_delete=models.PROTECT,
        null=True,
        related_name="answers",
        help_text="Of the team's.",
    )
    is_returning = models.BooleanField(
        null=True,
        help_text="Whether an address of theirs was known before; empty: of the team, or none is known.",
    )
    first = models.CharField(max_length=11, choices=Reason.choices)
    second = models.CharField(max_length=11, choices=Reason.choices)
    third = models.CharField(max_length=11, choices=Reason.choices)
    day = models.DateField(help_text="By the brand's clock.")
    key = models.BinaryField(
        max_length=32,
        unique=True,
        help_text="Keyed digest of the order, the gift, or the round and member: nobody answers twice.",
    )

    objects = BrandManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(first=models.F("second"))
                & ~models.Q(first=models.F("third"))
                & ~models.Q(second=models.F("third")),
                name="reasons_answer_three_reasons",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    side__in=["owner", "store_manager", "marketer"],
                    round__isnull=False,
                    is_returning__isnull=True,
                )
                | models.Q(side__in=["sender", "recipient"], round__isnull=True),
                name="reasons_answer_of_the_team_in_a_round",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.side}: {self.first}, {self.second}, {self.third}"

    @property
    def ranks(self) -> tuple[str, str, str]:
        """Values of Reason, the strongest first."""
        return self.first, self.second, self.third

    @property
    def in_words(self) -> list[str]:
        """For whoever said it."""
        return [str(Reason(each).label) for each in self.ranks]
