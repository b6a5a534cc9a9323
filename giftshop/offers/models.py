"""What a brand gives away to win somebody, or takes off what they pay: how much, until when, and who had it.

An offer counts its uses and what they cost on its own row, so that a use is taken by one conditional UPDATE
(use.py) and the database refuses one too many, whatever the code does.
"""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from brands.models import Brand
from brands.translations import Translated
from core import crypto
from core.ids import uuid7
from core.tenancy import BrandManager
from giftshop.catalog.models import Treat
from giftshop.offers import promo_codes
from redemption.models import Code

LOW_PERCENT = 80
"""Of a budget, or of a number without one: then its brand's people hear that it ends soon."""
NAME_LENGTH_MAX = 80
TERMS_LENGTH_MAX = 400
PERCENT_MAX = 99
"""An order for nothing is no purchase: that is an offer without one."""
GOOD_DAYS_MAX = 366
"""What costs nothing is used soon, or it is forgotten."""


class OfferQuerySet(models.QuerySet["Offer"]):
    def locked(self) -> "OfferQuerySet":
        """Held until commit: its uses take turns. After an order's lock, before that of any code."""
        return self.select_for_update(of=("self",), no_key=True)


class Offer(Translated):
    """Days are of the brand's calendar, the last one included; amounts are minor units of its currency."""

    class Whom(models.TextChoices):
        ANYBODY = "anybody", _("Whoever opens its page, without a purchase")
        SENDER = "sender", _("Senders, on top of what they buy")
        RECIPIENT = "recipient", _("Recipients who used a gift, to come back")

    class Gives(models.TextChoices):
        TREAT = "treat", _("A treat")
        AMOUNT = "amount", _("An amount to spend")
        OFF = "off", _("An amount off the order")
        PERCENT = "percent", _("A percentage off the order")

    TAKES_OFF = (Gives.OFF, Gives.PERCENT)
    """They give no code of their own: less is paid for the gifts of the order."""

    class State(models.TextChoices):
        """Where it stands on a day. Kept nowhere: days, caps and the pause say it."""

        OPEN = "open", _("Running")
        SOON = "soon", _("Soon")
        PAUSED = "paused", _("Paused")
        OVER = "over", _("Over")
        USED_UP = "used_up", _("All taken")
        BACK_TOMORROW = "back_tomorrow", _("Today's are taken")

    class Level(models.TextChoices):
        """Of which its brand's people are told."""

        LOW = "low", _("Nearly used up")
        OVER = "over", _("Used up")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+", db_index=False)
    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=NAME_LENGTH_MAX)
    terms = models.CharField(max_length=TERMS_LENGTH_MAX, blank=True)
    whom = models.CharField(max_length=9, choices=Whom.choices, default=Whom.ANYBODY)
    least_gifts = models.PositiveSmallIntegerField(
        null=True, help_text="Of senders: to how many they give at once, at least."
    )
    least_total = models.PositiveBigIntegerField(
        null=True, help_text="Of senders: what they pay, at least."
    )
    gives = models.CharField(max_length=7, choices=Gives.choices)
    treat = models.ForeignKey(Treat, on_delete=models.PROTECT, null=True, related_name="+")
    size = models.SlugField(max_length=40, blank=True, help_text="The key of the treat's price.")
    amount = models.PositiveBigIntegerField(null=True)
    percent = models.PositiveSmallIntegerField(
        null=True, help_text="Off the order, of what its gifts cost."
    )
    promo_code = models.CharField(
        max_length=promo_codes.LENGTH_MAX,
        blank=True,
        default="",
        db_default="",
        help_text="To be typed before it takes anything off; empty: it is earned without.",
    )
    promo_key = models.GeneratedField(
        expression=promo_codes.KEY,
        output_field=models.CharField(max_length=promo_codes.LENGTH_MAX),
        db_persist=True,
        help_text="The code as it is looked up: letters that look like digits are those.",
    )
    good_days = models.PositiveSmallIntegerField(
        help_text="How long what it gives is good, from the day it is taken or the gift was used."
    )
    holds_out = models.BooleanField(
        default=True,
        help_text="Whether a tenth of those whom it is for are not shown it, to tell what it brought.",
    )
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    uses_max = models.PositiveIntegerField(null=True)
    uses_a_day_max = models.PositiveIntegerField(null=True)
    budget = models.PositiveBigIntegerField(null=True)
    paused_at = models.DateTimeField(null=True)
    used = models.PositiveIntegerField(default=0, editable=False)
    spent = models.PositiveBigIntegerField(default=0, editable=False)
    used_on = models.DateField(null=True, editable=False)
    used_that_day = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField()

    objects = BrandManager.from_queryset(OfferQuerySet)()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(name=""), name="offer_has_a_name"),
            models.CheckConstraint(
                condition=models.Q(gives="treat", treat__isnull=False, amount=None, percent=None)
                & ~models.Q(size="")
                | models.Q(
                    gives="amount",
                    treat=None,
                    size="",
                    amount__isnull=False,
                    amount__gt=0,
                    percent=None,
                )
                | models.Q(
                    gives="off",
                    whom="sender",
                    treat=None,
                    size="",
                    amount__isnull=False,
                    amount__gt=0,
                    percent=None,
                    least_total__isnull=False,
                    least_total__gt=models.F("amount"),
                )
                | models.Q(
                    gives="percent",
                    whom="sender",
                    treat=None,
                    size="",
                    amount=None,
                    percent__isnull=False,
                    percent__range=(1, PERCENT_MAX),
                ),
                name="offer_gives_one_thing",
            ),
            models.CheckConstraint(
                condition=models.Q(promo_code="") | models.Q(gives__in=["off", "percent"]),
                name="offer_code_takes_off",
            ),
            models.UniqueConstraint(
                fields=["brand", "promo_key"],
                condition=~models.Q(promo_code=""),
                name="offer_code_once_in_brand",
            ),
            models.CheckConstraint(
                condition=models.Q(whom="sender", least_gifts__isnull=False)
                | models.Q(whom="sender", least_total__isnull=False)
                | models.Q(whom="sender", gives="percent")
                | ~models.Q(whom="sender") & models.Q(least_gifts=None, least_total=None),
                name="offer_to_senders_asks_for_something",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="offer_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=models.Q(uses_max__isnull=False) | models.Q(budget__isnull=False),
                name="offer_has_a_number_or_a_budget",
            ),
            models.CheckConstraint(
                condition=models.Q(uses_max=None) | models.Q(used__lte=models.F("uses_max")),
                name="offer_within_its_number",
            ),
            models.CheckConstraint(
                condition=models.Q(budget=None) | models.Q(spent__lte=models.F("budget")),
                name="offer_within_its_budget",
            ),
            models.CheckConstraint(
                condition=models.Q(good_days__range=(1, GOOD_DAYS_MAX)),
                name="offer_good_for_a_year_at_most",
            ),
        ]
        indexes = [models.Index(fields=["brand", "-created_at"], name="offer_newest_of_brand")]

    def __str__(self) -> str:
        return self.name

    @property
    def takes_off(self) -> bool:
        return self.gives in self.TAKES_OFF

    def level(self, cost: int) -> str:
        """How far it is used up, where one more would cost so much: nothing, "low" from LOW_PERCENT on,
        "over" where there is none left."""
        if self.uses_max is not None and self.used >= self.uses_max:
            return self.Level.OVER
        if self.budget is not None:
            if self.spent + cost > self.budget:
                return self.Level.OVER
            is_low = self.spent * 100 >= self.budget * LOW_PERCENT
        else:
            is_low = self.used * 100 >= (self.uses_max or 0) * LOW_PERCENT
        return self.Level.LOW if is_low else ""

    def left_on(self, day: date, cost: int) -> int:
        """How many more there are on a day, each of that cost in minor units: what the least of its caps
        leaves."""
        today = self.used_that_day if self.used_on == day else 0
        left = [
            None if self.uses_max is None else self.uses_max - self.used,
            None if self.uses_a_day_max is None else self.uses_a_day_max - today,
            None if self.budget is None else (self.budget - self.spent) // cost,
        ]
        return max(0, min(each for each in left if each is not None))

    def state_on(self, day: date, *, cost: int = 1) -> State:
        """`cost`: what one use takes of the budget, minor units."""
        if self.ends_on and day > self.ends_on:
            return self.State.OVER
        if self.uses_max is not None and self.used >= self.uses_max:
            return self.State.USED_UP
        if self.budget is not None and self.spent + cost > self.budget:
            return self.State.USED_UP
        if self.paused_at:
            return self.State.PAUSED
        if day < self.starts_on:
            return self.State.SOON
        today = self.used_that_day if self.used_on == day else 0
        if self.uses_a_day_max is not None and today >= self.uses_a_day_max:
            return self.State.BACK_TOMORROW
        return self.State.OPEN


class OfferUse(models.Model):
    """Somebody had an offer, once for each person; what it cost is booked as promotion in the same commit.
    Of an order that is being paid it is kept free, and let go if nobody pays."""

    class State(models.TextChoices):
        RESERVED = "reserved", _("Being paid")
        USED = "used", _("Given")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+", db_index=False)
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="uses", db_index=False)
    person = models.BinaryField(
        max_length=32,
        help_text="Keyed digest of who had it, of this offer alone: nobody is known again by it.",
    )
    state = models.CharField(max_length=8, choices=State.choices, default=State.USED)
    code = models.OneToOneField(Code, on_delete=models.PROTECT, null=True, related_name="offer_use")
    is_discount = models.BooleanField(
        default=False, db_default=False, help_text="Its cost was taken off its order: no code."
    )
    order_id = models.UUIDField(
        null=True, help_text="The order that earned it. Opaque: orders stand above offers."
    )
    gift_id = models.UUIDField(null=True, help_text="The gift after whose use it was taken.")
    handout_id = models.UUIDField(
        null=True, help_text="The sheet or list it is of. Opaque: handouts stand above offers."
    )
    unearned_at = models.DateTimeField(
        null=True, help_text="When that use was undone, so that it ended: it may be earned again."
    )
    not_reached_at = models.DateTimeField(
        null=True,
        help_text="Of a list: when it was clear that no letter came. Its cost is the offer's again.",
    )
    link_id = models.UUIDField(
        null=True,
        help_text="Of a campaign: by which whoever took it had come. Opaque, as the order is.",
    )
    least_gifts = models.PositiveSmallIntegerField(
        null=True, help_text="As its offer asked for when the order was placed."
    )
    least_total = models.PositiveBigIntegerField(null=True)
    treat = models.ForeignKey(
        Treat,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        help_text="What was promised, whatever its offer gives since; nothing for an amount.",
    )
    size = models.SlugField(max_length=40, blank=True, db_index=False)
    good_days = models.PositiveSmallIntegerField(help_text="As promised, too.")
    cost = models.PositiveBigIntegerField()
    token_digest = models.BinaryField(max_length=32, unique=True)
    token_ciphertext = models.BinaryField()
    used_at = models.DateTimeField()

    objects = BrandManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["offer", "person"], name="offer_once_for_each_person"),
            models.CheckConstraint(
                condition=models.Q(cost__gt=0), name="offer_use_costs_something"
            ),
            models.CheckConstraint(
                condition=models.Q(state="used", code__isnull=False, is_discount=False)
                | models.Q(state="used", code=None, order_id__isnull=False, is_discount=True)
                | models.Q(state="reserved", code=None, order_id__isnull=False)
                | models.Q(state="reserved", code=None, handout_id__isnull=False),
                name="offer_use_has_its_code",
            ),
            models.UniqueConstraint(
                fields=["order_id"],
                condition=models.Q(order_id__isnull=False),
                name="offer_once_for_each_order",
            ),
            models.UniqueConstraint(
                fields=["gift_id"],
                condition=models.Q(gift_id__isnull=False),
                name="offer_once_for_each_gift",
            ),
        ]
        indexes = [
            models.Index(fields=["offer", "-used_at"], name="offer_use_newest_of_offer"),
            models.Index(
                fields=["handout_id"],
                name="offer_use_of_handout",
                condition=models.Q(handout_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.offer_id} at {self.used_at:%Y-%m-%d %H:%M}"

    def link_token(self) -> str:
        """The secret of the page that shows what was given."""
        return crypto.unseal(bytes(self.token_ciphertext), context=f"offer_use:{self.pk}")
