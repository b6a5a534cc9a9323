"""What can be given: treats, their sizes with prices, the choices that come with them, and where a
treat is gone for today."""

from datetime import date
from functools import cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from brands.models import Brand, Store, StoreQuerySet
from brands.shown_picture import no_picture
from brands.translations import Translated
from core.ids import uuid7
from core.tenancy import BrandManager
from giftshop.accounts.models import OfStores
from giftshop.catalog import contents
from giftshop.catalog.contents import WithContents
from redemption.choices import Choice, GroupWords

SIZE_KEY = "size"


STORES_NAMED = 3


class TreatQuerySet(models.QuerySet["Treat"]):
    def in_menu_order(self) -> "TreatQuerySet":
        """Active treats."""
        return self.filter(is_active=True).order_by("position", "name")

    def with_a_price(self) -> "TreatQuerySet":
        """Active treats with at least one, whatever their days."""
        return self.filter(_has_a_price(), is_active=True)

    def on_sale(self, day: date) -> "TreatQuerySet":
        """What can be given on that day of the brand's, and be had in a store that is open for gifts. The one
        place for the rule: the shop, the giving pages, an order, and links that lead to a treat ask it."""
        has_begun = models.Q(on_sale_from=None) | models.Q(on_sale_from__lte=day)
        has_not_ended = models.Q(on_sale_until=None) | models.Q(on_sale_until__gte=day)
        return self.with_a_price().filter(_can_be_had(), has_begun, has_not_ended)

    def at(self, store: Store) -> "TreatQuerySet":
        """What the store has, whatever its days."""
        theirs = Treat.stores.through.objects.filter(treat_id=models.OuterRef("pk"), store=store)
        return self.filter(models.Q(all_stores=True) | models.Exists(theirs))

    def with_open_stores(self) -> "TreatQuerySet":
        """Each with `open_store_count` and `open_stores`, the names of the first: of a treat that only some
        have, else 0 and none."""
        named = _its_open_stores().order_by("store__name").values("store__name")[:STORES_NAMED]
        count = _its_open_stores().order_by().values("treat_id").annotate(n=models.Count("pk"))
        return self.annotate(
            open_stores=ArraySubquery(named),
            open_store_count=Coalesce(models.Subquery(count.values("n")), 0),
        )

    def on_the_menu(self, day: date) -> "TreatQuerySet":
        """What is on sale that day, in menu order; 4 queries with everything on it."""
        return (
            self.on_sale(day)
            .with_open_stores()
            .order_by("position", "name")
            .prefetch_related("prices", "option_groups__options")
        )


@cache
def _has_a_price() -> models.Exists:
    return models.Exists(Price.objects.filter(treat=models.OuterRef("pk")))


@cache
def _can_be_had() -> Combinable:
    return models.Q(all_stores=True) | models.Exists(_its_open_stores())


def _its_open_stores() -> "models.QuerySet[Any]":
    """Of a treat that only some stores have."""
    return Treat.stores.through.objects.filter(
        treat_id=models.OuterRef("pk"), store__is_active=True
    )


ART = r"^art(/[A-Za-z0-9_-]+)+\.svg$"
"""No "..", no file of another kind: pages and mails show whatever stands here."""


class Treat(OfStores, Translated, WithContents):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="treats")
    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=80)
    description = models.CharField(max_length=240, blank=True)
    category = models.CharField(max_length=40, blank=True)
    art = models.CharField(
        max_length=120,
        validators=[RegexValidator(ART)],
        help_text=_("Static path of the drawing: art/<brand>/<treat>.svg"),
    )
    picture = models.JSONField(default=no_picture, blank=True, editable=False)
    """A ShownPicture: what was uploaded and is shown instead of the drawing (giftshop/pictures)."""
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    on_sale_from = models.DateField(null=True, blank=True, help_text=_("By the brand's calendar."))
    on_sale_until = models.DateField(null=True, blank=True, help_text=_("The last day of it."))

    objects = BrandManager.from_queryset(TreatQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brand", "slug"], name="treat_slug_unique_in_brand"),
            models.CheckConstraint(
                condition=models.Q(art="") | models.Q(art__regex=ART), name="treat_art_is_a_drawing"
            ),
            models.CheckConstraint(
                condition=models.Q(on_sale_until__gte=models.F("on_sale_from"))
                | models.Q(on_sale_from=None)
                | models.Q(on_sale_until=None),
                name="treat_on_sale_until_is_not_before_from",
            ),
            *contents.constraints("treat"),
        ]

    def __str__(self) -> str:
        return self.name

    def stores_among(self, stores: StoreQuerySet) -> StoreQuerySet:
        """Those that have it."""
        if self.all_stores:
            return stores
        own = Treat.stores.through.objects.filter(treat_id=self.pk)
        return stores.filter(pk__in=own.values("store_id"))

    def snapshot(self, price: "Price") -> list[Choice]:
        """The choices as a code carries them: the size fixed by the sender, the rest still open. Of an amount
        there is nothing to choose."""
        if price.is_free:
            return []
        size: Choice = {
            "key": SIZE_KEY,
            "name": gettext_noop(
                "Size"
            ),  # kept in English; choices.describe says it in the reader's
            "chooser": "sender",
            "min": 1,
            "max": 1,
            "options": [{"key": price.key, "label": price.name, "extra": 0}],
            "picked": [price.key],
        }
        if price.translations:
            size["translations"] = {
                language: {"options": {price.key: said["name"]}}
                for language, said in price.translations.items()
            }
        return [size, *(group.as_choice() for group in self.option_groups.all())]


class Price(Translated):
    """One size of a treat and what it costs, in the brand's currency; or that its sender says how much, from
    `amount` to `most`: then it has no name, and the gift is good for that amount."""

    treat = models.ForeignKey(Treat, on_delete=models.CASCADE, related_name="prices")
    key = models.SlugField(max_length=40)
    name = models.CharField(max_length=40)
    amount = models.PositiveBigIntegerField(help_text=_("Minor units of the brand's currency."))
    position = models.PositiveSmallIntegerField(default=0)
    later_amount = models.PositiveBigIntegerField(null=True, help_text=_("From `later_from` on."))
    later_from = models.DateField(null=True, help_text=_("By the brand's calendar."))
    most = models.PositiveBigIntegerField(
        null=True,
        help_text="Of a free amount; `amount` is the least. Empty: the price is fixed.",
    )
    suggested = ArrayField(
        models.PositiveBigIntegerField(),
        default=list,
        help_text="Of a free amount, those that a sender picks without typing.",
    )

    class Meta:
        ordering = ["position", "amount"]
        constraints = [
            models.UniqueConstraint(fields=["treat", "key"], name="price_key_unique_in_treat"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="price_positive"),
            models.CheckConstraint(
                condition=models.Q(later_amount=None, later_from=None)
                | models.Q(
                    later_amount__isnull=False, later_amount__gt=0, later_from__isnull=False
                ),
                name="price_later_has_amount_and_day",
            ),
            models.CheckConstraint(
                condition=models.Q(most=None, suggested=[])
                | models.Q(most__isnull=False, most__gt=models.F("amount"), later_amount=None),
                name="price_is_fixed_or_free_between_two",
            ),
            models.UniqueConstraint(
                fields=["treat"],
                condition=models.Q(most__isnull=False),
                name="price_free_once_in_treat",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_free(self) -> bool:
        """Whether its sender says how much."""
        return self.most is not None

    def on(self, day: date) -> int:
        """What it costs on that day of the brand's. Orders keep the amount that they were placed with."""
        if self.later_amount is not None and self.later_from is not None and self.later_from <= day:
            return self.later_amount
        return self.amount


class OptionGroup(Translated):
    """Something the recipient picks: a flavour, a milk, a topping."""

    treat = models.ForeignKey(Treat, on_delete=models.CASCADE, related_name="option_groups")
    key = models.SlugField(max_length=40)
    name = models.CharField(max_length=40)
    min_picks = models.PositiveSmallIntegerField(default=1)
    max_picks = models.PositiveSmallIntegerField(default=1)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["treat", "key"], name="option_group_key_unique_in_treat"
            ),
            models.CheckConstraint(
                condition=models.Q(max_picks__gte=1)
                & models.Q(max_picks__gte=models.F("min_picks")),
                name="option_group_picks_make_sense",
            ),
            models.CheckConstraint(
                condition=~models.Q(key=SIZE_KEY), name="option_group_is_not_the_size"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def as_choice(self) -> Choice:
        """With what is said of it in further languages, where anything is."""
        words = self._words()
        choice: Choice = {
            "key": self.key,
            "name": self.name,
            "chooser": "recipient",
            "min": self.min_picks,
            "max": self.max_picks,
            "options": [
                {"key": option.key, "label": option.label, "extra": option.extra}
                for option in self.options.all()
            ],
            "picked": [],
        }
        return {**choice, "translations": words} if words else choice

    def _words(self) -> dict[str, GroupWords]:
        found: dict[str, GroupWords] = {}
        for language, said in self.translations.items():
            found.setdefault(language, {})["name"] = said["name"]
        for option in self.options.all():
            for language, said in option.translations.items():
                words = found.setdefault(language, {}).setdefault("options", {})
                words[option.key] = said["label"]
        return found


class Option(Translated, WithContents):
    group = models.ForeignKey(OptionGroup, on_delete=models.CASCADE, related_name="options")
    key = models.SlugField(max_length=40)
    label = models.CharField(max_length=60)
    extra = models.PositiveBigIntegerField(
        default=0, help_text=_("Charged at the till, minor units.")
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "label"]
        constraints = [
            models.UniqueConstraint(fields=["group", "key"], name="option_key_unique_in_group"),
            *contents.constraints("option"),
        ]

    def __str__(self) -> str:
        return self.label


class SoldOutQuerySet(models.QuerySet["SoldOut"]):
    def missed(self) -> "SoldOutQuerySet":
        """What can keep a treat from being handed over: itself, a size, and choices that have to be made."""
        return self.filter(models.Q(option=None) | models.Q(option__group__min_picks__gt=0))


class SoldOut(models.Model):
    """What a store has no more until the end of one of its days: a treat, one size of it, or one thing
    that its recipient could choose. After that day it is there again."""

    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+")
    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="+", db_index=False)
    treat = models.ForeignKey(Treat, on_delete=models.CASCADE, related_name="+")
    price = models.ForeignKey(Price, on_delete=models.CASCADE, null=True, related_name="+")
    option = models.ForeignKey(Option, on_delete=models.CASCADE, null=True, related_name="+")
    until = models.DateField(
        help_text=_("The last day, by the store's clock, see catalog.hours.day_at.")
    )
    told_at = models.DateTimeField()

    objects = BrandManager.from_queryset(SoldOutQuerySet)()

    class Meta:
        verbose_name_plural = "sold out"
        constraints = [
            models.UniqueConstraint(
                fields=["store", "until", "treat", "price", "option"],
                nulls_distinct=False,
                name="sold_out_once_per_store_day_and_thing",
            ),
            models.CheckConstraint(
                condition=models.Q(price=None) | models.Q(option=None),
                name="sold_out_is_a_treat_a_size_or_a_choice",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.treat_id} at {self.store_id} until {self.until}"

    @property
    def thing(self) -> "Treat | Price | Option":
        """What is gone. No query where it was selected."""
        return self.option or self.price or self.treat
