"""A brand and the stores that hand its treats over."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, TypedDict, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from brands import store_day
from brands.shown_picture import ShownPicture
from brands.translations import Translated
from core import validity
from core.ids import uuid7
from core.locales import is_language
from core.tenancy import BrandManager


class Theme(TypedDict, total=False):
    """What a brand may set of its look; giftshop/catalog/themes.py turns it into properties."""

    accent: str
    accent_2: str
    paper: str
    ink: str
    round: float
    """Corners: 0.5 crisp, 1 plain, 1.5 soft."""
    art: str
    """Folder under static/art/ that holds the brand's mark and hero."""


RETURNED_WITHIN_DAYS = 7
"""So long a gift is owed after its last day where its money goes back by itself: time for an outage."""
STATEMENT_SUFFIX_MAX = 10
"""Stripe puts the account's name of 2 to 10 letters, a star and a space before it, and takes 22 in all."""
STATEMENT_SUFFIX = r"^[ !#-&()+-;=?-Z_a-z|~]*[A-Za-z][ !#-&()+-;=?-Z_a-z|~]*$"
"""Printed ASCII with a letter, without what Stripe refuses: < > \\ ' \" *."""


def empty_theme() -> Theme:
    return {}


def no_pictures() -> dict[str, ShownPicture]:
    return {}


def known_language(tag: str) -> None:
    """A field's validator: refuses what is no language of Babel's, or is written otherwise."""
    if not is_language(tag):
        raise ValidationError(_("No language is called %(tag)s.") % {"tag": tag})


class Returns(models.TextChoices):
    """What a sender gets for a gift that its recipient gives back."""

    MONEY = "money", _("The money, to the card or account it was paid with")
    CREDIT = "credit", _("A credit of the same worth, to use at the shop")


class Brand(Translated):
    class Texts(models.TextChoices):
        """To whom its texts go."""

        OFF = "off", _("No texts")
        CONSENT = "consent", _("To whoever said yes to you, and to senders")
        RECIPIENTS = "recipients", _("Also to a recipient's number, on the sender's word")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80)
    tagline = models.CharField(max_length=160, blank=True)
    story = models.CharField(
        max_length=1200, blank=True, help_text=_("Who they are, in their own words; in lines.")
    )
    language = models.CharField(
        max_length=12,
        default="en",
        validators=[known_language],
        help_text=_("Of what the brand writes: its menu, its promises. As BCP 47 has it."),
    )
    languages = ArrayField(
        models.CharField(max_length=12, validators=[known_language]),
        default=list,
        blank=True,
        help_text=_("Those that its shop is shown in, the first one first; empty: all we speak."),
    )
    currency = models.CharField(max_length=3)
    country = models.CharField(max_length=2)
    time_zone = models.CharField(max_length=64)
    theme = models.JSONField(default=empty_theme, blank=True)
    pictures = models.JSONField(default=no_pictures, blank=True, editable=False)
    """Those that were uploaded, by purpose: "logo", "hero" (giftshop/pictures)."""
    support_email = models.EmailField(blank=True)
    support_phone = models.CharField(max_length=32, blank=True)
    """As brands.phone_numbers keeps it."""
    mail_name = models.CharField(
        max_length=60, blank=True, help_text=_("Who its e-mails are from; empty: its name.")
    )
    reply_email = models.EmailField(
        blank=True, help_text=_("Where answers to them go; empty: as questions do.")
    )
    hides_code = models.BooleanField(
        default=False,
        help_text=_(
            "Its gift mails show no code: it is seen on the page behind their button alone."
        ),
    )
    terms = models.CharField(
        max_length=6000, blank=True, help_text=_("What it adds to the terms of sale; in lines.")
    )
    texts = models.CharField(
        max_length=10, choices=Texts.choices, default=Texts.OFF, db_default=Texts.OFF
    )
    texts_refused = models.CharField(
        max_length=5,
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text="The provider's error by which phone companies refuse its texts; empty: they take them.",
    )
    texts_refused_at = models.DateTimeField(null=True, editable=False)
    whatsapp = models.BooleanField(
        default=False,
        db_default=False,
        help_text=_("It sends gifts by WhatsApp, to whoever said yes to that."),
    )
    whatsapp_refused = models.CharField(
        max_length=5,
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text="The provider's error by which WhatsApp refuses its messages; empty: it takes them.",
    )
    whatsapp_refused_at = models.DateTimeField(null=True, editable=False)
    statement_suffix = models.CharField(
        max_length=STATEMENT_SUFFIX_MAX,
        blank=True,
        help_text=_("What a bank statement says after the name of Stripe's account."),
    )
    legal_name = models.CharField(
        max_length=120,
        blank=True,
        help_text=_("Whom a sender buys from, as a contract names them."),
    )
    representative = models.CharField(
        max_length=120,
        blank=True,
        default="",
        db_default="",
        help_text=_("Who acts for the company; German and Korean law want to see them."),
    )
    legal_address = models.CharField(
        max_length=300,
        blank=True,
        help_text=_("Where they can be served; in lines as on a letter."),
    )
    register_entry = models.CharField(
        max_length=120,
        blank=True,
        default="",
        db_default="",
        help_text=_("The public register that it stands in, and its number there."),
    )
    tax_id = models.CharField(max_length=40, blank=True)
    opened_at = models.DateTimeField(
        null=True, blank=True, help_text=_("Since when its shop sells; empty: it opens soon.")
    )
    awaits_approval = models.BooleanField(
        default=False, db_default=False, help_text=_("Its operator has not looked at it yet.")
    )
    closing_told_at = models.DateTimeField(
        null=True, editable=False, help_text="When its owners heard that it is closed, unopened."
    )
    closed_at = models.DateTimeField(
        null=True, editable=False, help_text="It never opened, and nobody came back."
    )
    opening_step = models.CharField(
        max_length=20, blank=True, help_text=_("How far its opening has come.")
    )
    payments_tried_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When Stripe last answered for it; empty: not yet.")
    )
    gift_valid_days = models.PositiveIntegerField(
        default=5 * 366,
        help_text=_("US federal law (12 CFR 1005.20) asks for five years at least for paid gifts."),
    )
    returns_as = models.CharField(
        max_length=6,
        choices=Returns.choices,
        default=Returns.MONEY,
        db_default=Returns.MONEY,
        help_text=_("What a sender gets for a gift that its recipient gives back."),
    )
    withdrawal_days = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text=_(
            "How long after paying a sender may take gifts back; empty: as long as the law says or, where we"
            " know none, until they are opened."
        ),
    )
    reversal_window_seconds = models.PositiveIntegerField(
        default=60, help_text=_("How long a cashier may undo a redemption.")
    )
    managers_reverse_same_day = models.BooleanField(
        default=True, help_text=_("Managers may undo until their store's day ends.")
    )
    void_limit = models.PositiveBigIntegerField(
        default=5000,
        help_text=_("Minor units; to cancel a gift with more on it takes two people."),
    )
    goodwill_person_limit = models.PositiveBigIntegerField(
        default=10_000,
        help_text=_("Minor units; what one person may give by hand in a day."),
    )
    goodwill_store_limit = models.PositiveBigIntegerField(
        default=20_000,
        help_text=_("Minor units; what all together may give by hand at a store in a day."),
    )
    breakage_after_days = models.PositiveIntegerField(
        null=True,
        blank=True,
        default=30,
        help_text=_(
            "How long after its expiry a gift can still be extended before what is left on it"
            " counts as earned; empty: never, it stays owed."
        ),
    )
    people_kept_days = models.PositiveSmallIntegerField(
        default=90,
        help_text=_("How long after a gift had its use its names, words and addresses are kept."),
    )
    unopened_days = models.PositiveSmallIntegerField(
        default=60, help_text=_("After so long the sender of a gift that nobody opened is asked.")
    )
    returns_unopened = models.BooleanField(
        default=False,
        db_default=False,
        help_text=_(
            "The money of a gift that nobody opened goes back by itself once its days are over."
        ),
    )
    vat_rate = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text=_(
            "Basis points: VAT of its gifts, due when they are sold; empty: when they are used."
        ),
    )
    vat_on_amounts = models.BooleanField(
        default=False, db_default=False, help_text=_("That holds for gifts of an amount, too.")
    )
    shows_counter_link = models.BooleanField(
        default=True,
        db_default=True,
        help_text=_("After handing over, tills show a code by which a recipient gives, too."),
    )
    people_cleared_until = models.DateTimeField(null=True, editable=False)
    people_cleared_entry = models.PositiveBigIntegerField(
        default=0, editable=False, help_text="The last entry of the audit log that was looked at."
    )
    codes_wiped_until = models.DateTimeField(null=True, editable=False)
    codes_expired_until = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(returns_unopened=False)
                | models.Q(breakage_after_days=None)
                | models.Q(breakage_after_days__gte=RETURNED_WITHIN_DAYS),
                name="brand_returns_before_it_earns",
            ),
            models.CheckConstraint(
                condition=models.Q(vat_rate=None) | models.Q(vat_rate__lte=10_000),
                name="brand_vat_is_no_more_than_all",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at=None) | models.Q(opened_at=None),
                name="brand_closed_was_never_open",
            ),
            models.CheckConstraint(
                condition=models.Q(currency__regex=r"^[A-Z]{3}$"), name="brand_currency_is_iso_4217"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    language__regex=r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$"
                ),
                name="brand_language_is_bcp_47",
            ),
            models.CheckConstraint(  # a spent code can be shown again for a day, see redemption/codes/wipe.py
                condition=models.Q(reversal_window_seconds__lte=24 * 3600),
                name="brand_reversal_window_a_day_at_most",
            ),
            models.CheckConstraint(
                condition=models.Q(statement_suffix="")
                | models.Q(statement_suffix__regex=STATEMENT_SUFFIX),
                name="brand_statement_suffix_as_stripe_takes_it",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def answers_to(self) -> str:
        """The address to which answers to its e-mails go; may be empty."""
        return self.reply_email or self.support_email

    @property
    def reversal_window(self) -> timedelta:
        return timedelta(seconds=self.reversal_window_seconds)

    def expiry_for(self, arrives_at: datetime) -> datetime:
        """The midnight after the last day on which a gift that arrives then can be used."""
        return validity.expiry(arrives_at, days=self.gift_valid_days, zone=self.tz)


FOUND_BY = ("name", "city", "street", "region", "postal_code")
"""What anybody may look for of a store."""


class StoreQuerySet(models.QuerySet["Store"]):
    def matching(self, words: str, *, fields: Sequence[str] = FOUND_BY) -> "StoreQuerySet":
        """Those in which every word is found, each anywhere: "pike seattle"."""
        found = self
        for word in words.split():
            anywhere = models.Q()
            for name in fields:
                anywhere |= models.Q(**{f"{name}__icontains": word})
            found = found.filter(anywhere)
        return found

    def first_of(self, most: int) -> "tuple[list[Store], int]":
        """The first so many, and how many there are in all. One query."""
        rows = list(self.annotate(of_all=models.Window(models.Count("pk")))[:most])
        return list(rows), cast(Any, rows[0]).of_all if rows else 0

    def open_for_gifts(self) -> "StoreQuerySet":
        return self.filter(is_active=True)

    def good_for(self, store_ids: Sequence[UUID]) -> "StoreQuerySet":
        """The stores a code names, or all of the brand's when it names none."""
        stores = self.open_for_gifts().order_by("name")
        return stores.filter(pk__in=store_ids) if store_ids else stores


class Store(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="stores")
    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=80)
    street = models.CharField(max_length=120)
    city = models.CharField(max_length=80)
    region = models.CharField(max_length=80, blank=True)
    postal_code = models.CharField(max_length=16, blank=True)
    country = models.CharField(max_length=2)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    time_zone = models.CharField(max_length=64)
    hours = ArrayField(
        models.CharField(max_length=23, blank=True),
        size=7,
        default=list,
        blank=True,
        help_text=_("Monday to Sunday, each as 08:00-18:00; an empty text is a closed day."),
    )
    operator = models.CharField(
        max_length=120,
        blank=True,
        help_text=_("The franchisee who runs it; empty: the brand itself."),
    )
    phone = models.CharField(max_length=32, blank=True)
    """As brands.phone_numbers keeps it; texts of earlier days that are no number stay as they were typed."""
    is_active = models.BooleanField(default=True)

    objects = BrandManager.from_queryset(StoreQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brand", "slug"], name="store_slug_unique_in_brand")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def hours_on(self, day: date) -> str:
        """08:00-18:00, or an empty text when the store is closed that day or its hours are unknown."""
        return str(self.hours[day.weekday()]) if len(self.hours) == 7 else ""

    def within(self, day: date, field: str) -> dict[str, datetime]:
        """The words of a filter: `field` lies in that day of the store."""
        start, end = store_day.bounds(day, self.tz)
        return {f"{field}__gte": start, f"{field}__lt": end}
