"""Every figure is a sum of facts, and rollups keep those sums ready.

A fact is what one outbox message told, once: the message id is unique, and so is the thing it tells
of, should it ever be told twice. Amounts and `quantity` are signed: a reversed redemption is a fact of
its own that takes away what the first one added. Nothing is ever edited; the database refuses it
(migration 0002).

A rollup row is the sum of the facts and visits of one day (or hour) in the brand's time zone, seen in
one of the ways below. What became of sold gifts is counted twice: when it happened (`redeemed`), and on the
day of the sale (`delivered`, `opened`, `redeemed_of_sold`), since only the latter are parts of what was sold.
A row is written in the transaction of its facts, so the two cannot disagree, and
should it be lost all the same, it can be made again from them: `manage.py rebuild_rollups`.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from brands.models import Brand, Store
from campaigns.facts.counters import COUNTERS
from campaigns.models.campaign import Campaign, Link
from core.tenancy import BrandManager
from giftshop.catalog.models import Treat
from giftshop.offers.models import Offer
from giftshop.outbox import topics as told


class Fact(models.Model):
    class Topic(models.TextChoices):
        """The topics of the outbox that are counted, and what is read from those that only say that something
        moved (facts/went_back.py)."""

        ORDER_PAID = told.Topic.ORDER_PAID.value, _("Gifts sold")
        GIFT_SENT = told.Topic.GIFT_SENT.value, _("Gift delivered")
        GIFT_OPENED = told.Topic.GIFT_OPENED.value, _("Gift opened")
        CODE_REDEEMED = told.Topic.CODE_REDEEMED.value, _("Redeemed in a store")
        REDEMPTION_REVERSED = told.Topic.REDEMPTION_REVERSED.value, _("Undone in a store")
        CODE_VOIDED = told.Topic.CODE_VOIDED.value, _("Gift taken back")
        OFFER_USED = told.Topic.OFFER_USED.value, _("Coupon taken")
        REFUND_ARRIVED = "refund.arrived", _("Money back to the sender")
        REFUND_RETURNED = "refund.returned", _("Refund that came back")
        DISPUTE_LOST = "dispute.lost", _("Dispute lost")
        PROMOTION_MOVED = told.Topic.PROMOTION_MOVED.value, _("Cost of an offer corrected")

    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+", db_index=False)
    message_id = models.UUIDField(unique=True)
    topic = models.CharField(max_length=20, choices=Topic.choices)
    subject_id = models.UUIDField(help_text=_("The order, gift or redemption that it tells of."))
    occurred_at = models.DateTimeField()
    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    link = models.ForeignKey(Link, on_delete=models.PROTECT, null=True, related_name="+")
    store = models.ForeignKey(Store, on_delete=models.PROTECT, null=True, related_name="+")
    order_id = models.UUIDField(null=True)
    gift_id = models.UUIDField(null=True)
    code_id = models.UUIDField(null=True)
    offer = models.ForeignKey(
        Offer,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        help_text="Of a coupon: what gave it.",
    )
    quantity = models.SmallIntegerField(help_text=_("Gifts it speaks of; negative when it undoes."))
    gifts = models.SmallIntegerField(
        null=True,
        help_text="Of a part of an amount: gifts redeemed by it that were not before; else empty.",
    )
    amount = models.BigIntegerField(default=0, help_text=_("Minor units; negative when it undoes."))
    currency = models.CharField(max_length=3)
    extra_amount = models.BigIntegerField(default=0)
    basket_total = models.BigIntegerField(null=True)
    spend_over = models.BigIntegerField(
        default=0, help_text=_("What the visit brought beyond the gift itself.")
    )
    sold_at = models.DateTimeField(
        null=True, help_text=_("When the gift was paid for; empty: it was given away.")
    )
    is_promotional = models.BooleanField(
        null=True, help_text="At a counter: nobody paid for it; empty in facts of old."
    )
    is_returning = models.BooleanField(
        null=True,
        help_text="At a counter: its recipient had come with another gift before; empty: not known.",
    )
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects = BrandManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["topic", "subject_id"], name="fact_once_per_subject"),
            models.CheckConstraint(
                condition=models.Q(topic="redemption.reversed", quantity__lt=0, amount__lte=0)
                | models.Q(topic="code.voided", quantity__range=(-1, 0), amount__lte=0)
                | models.Q(topic__in=["refund.arrived", "dispute.lost"], quantity=0, amount__lt=0)
                | models.Q(topic="refund.returned", quantity=0, amount__gt=0)
                | models.Q(topic="promotion.moved", quantity=0) & ~models.Q(amount=0)
                | models.Q(
                    topic__in=[
                        *("order.paid", "gift.sent", "gift.opened", "code.redeemed"),
                        "offer.used",
                    ],
                    quantity__gt=0,
                    amount__gte=0,
                ),
                name="fact_takes_away_by_its_topic",
            ),
            models.CheckConstraint(
                condition=models.Q(link__isnull=True) | models.Q(campaign__isnull=False),
                name="fact_link_has_its_campaign",
            ),
        ]
        indexes = [
            models.Index(fields=["brand", "-occurred_at", "-id"], name="fact_by_time"),
            models.Index(fields=["campaign", "-occurred_at", "-id"], name="fact_by_campaign"),
            models.Index(
                fields=["offer", "-occurred_at", "-id"],
                condition=models.Q(offer__isnull=False),
                name="fact_by_offer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.subject_id}"


class RollupQuerySet(models.QuerySet["Rollup"]):
    def seen_by(self, grain: str) -> "RollupQuerySet":
        return self.filter(grain=grain)


class Rollup(models.Model):
    class Grain(models.TextChoices):
        """What a row is the sum of. A key that the grain does not name is empty."""

        BRAND = "brand", _("Brand, by day")
        HOUR = "hour", _("Brand, by hour")
        CAMPAIGN = "campaign", _("Campaign, by day")
        LINK = "link", _("Link, by day")
        STORE = "store", _("Store, by day")
        CAMPAIGN_STORE = "at_store", _("Campaign at a store, by day")
        TREAT = "treat", _("Treat, by day")
        CAMPAIGN_TREAT = "of_treat", _("Treat of a campaign, by day")
        OFFER = "offer", _("Offer, by day")
        CAMPAIGN_OFFER = "of_offer", _("Offer by a campaign, by day")

    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+", db_index=False)
    grain = models.CharField(max_length=8, choices=Grain.choices)
    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    link = models.ForeignKey(
        Link, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    store = models.ForeignKey(
        Store, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    treat = models.ForeignKey(
        Treat, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    offer = models.ForeignKey(
        Offer, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    day = models.DateField()
    hour = models.PositiveSmallIntegerField(null=True)

    objects = BrandManager.from_queryset(RollupQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=[
                    *("brand", "grain", "campaign", "link", "store", "treat", "offer"),
                    *("day", "hour"),
                ],
                name="rollup_one_row_per_key",
                nulls_distinct=False,
            )
        ]
        # Foreign keys' own indexes would only slow the upsert: every query starts from brand and grain.
        indexes = [models.Index(fields=["brand", "grain", "day"], name="rollup_by_day")]

    def __str__(self) -> str:
        return f"{self.grain} {self.day}"


for _name in COUNTERS:
    Rollup.add_to_class(_name, models.BigIntegerField(default=0, db_default=0))
