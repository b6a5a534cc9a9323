"""A campaign is what a brand tries for a while; a link is one way in, so that it can be counted."""

from datetime import date, datetime

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from brands.models import Brand
from core.ids import uuid7
from core.tenancy import BrandManager
from giftshop.catalog.models import ART, Treat
from giftshop.offers.models import Offer

LEAST_RECIPIENTS_MAX = 3
"""More would rather keep somebody from giving."""
SHARE_TEXT_LENGTH_MAX = 280
"""What X takes; more is read nowhere beside a picture."""


class Network(models.TextChoices):
    """Where a campaign's links are posted with words of their own."""

    INSTAGRAM = "instagram", "Instagram"
    FACEBOOK = "facebook", "Facebook"
    WHATSAPP = "whatsapp", "WhatsApp"
    X = "x", "X"
    ELSEWHERE = "elsewhere", _("Anywhere else")


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def current(self) -> "CampaignQuerySet":
        return self.filter(archived_at__isnull=True)

    def archived(self) -> "CampaignQuerySet":
        return self.filter(archived_at__isnull=False)

    def starting_between(self, first: date, last: date) -> "CampaignQuerySet":
        return self.current().filter(starts_on__range=(first, last)).order_by("starts_on", "name")

    def newest_first(self) -> "CampaignQuerySet":
        """Those that were put away last."""
        away = models.F("archived_at").desc(nulls_first=True)
        return self.order_by(away, "-starts_on", "name")


class Campaign(models.Model):
    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PLANNED = "planned", _("Planned")
        LIVE = "live", _("Live")
        PAUSED = "paused", _("Paused")
        ENDED = "ended", _("Ended")
        ARCHIVED = "archived", _("Archived")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="campaigns")
    name = models.CharField(_("name"), max_length=60)
    slug = models.SlugField(max_length=60)
    headline = models.CharField(
        _("headline"),
        max_length=90,
        blank=True,
        help_text=_("Shown at the top of your shop to people who come by one of its links."),
    )
    story = models.CharField(
        max_length=600, blank=True, help_text="What it promises, below the headline of its page."
    )
    art = models.CharField(
        max_length=120,
        blank=True,
        help_text="Static path of the drawing of its page: art/<brand>/<name>.svg; empty: the shop's own.",
    )
    share_texts = models.JSONField(
        default=dict, blank=True, help_text="Words to post with its links, by network."
    )
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    budget = models.PositiveBigIntegerField(
        null=True,
        blank=True,
        help_text=_("What is to be spent, in minor units; empty: not kept track of."),
    )
    spent = models.PositiveBigIntegerField(
        null=True,
        blank=True,
        help_text=_("What was spent so far, in minor units; empty: not told."),
    )
    least_recipients = models.PositiveSmallIntegerField(
        default=1,
        help_text=_("To how many whoever comes by one of its links is asked to give, at least."),
    )
    treats = models.ManyToManyField(Treat, related_name="campaigns", blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    is_draft = models.BooleanField(default=False, help_text="Nobody has put it live yet.")
    paused_at = models.DateTimeField(
        null=True, help_text="Since when it is paused; empty: it isn't."
    )
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = BrandManager.from_queryset(CampaignQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brand", "slug"], name="campaign_slug_unique_in_brand"),
            models.UniqueConstraint("brand", Lower("name"), name="campaign_name_unique_in_brand"),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="campaign_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=models.Q(least_recipients__range=(1, LEAST_RECIPIENTS_MAX)),
                name="campaign_least_recipients_in_range",
            ),
            models.CheckConstraint(
                condition=models.Q(art="") | models.Q(art__regex=ART),
                name="campaign_art_is_a_drawing",
            ),
            models.CheckConstraint(
                condition=models.Q(is_draft=False) | models.Q(paused_at=None),
                name="campaign_draft_is_not_paused",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def state_on(self, day: date) -> State:
        """`day` is a day of the brand's own time zone."""
        if self.archived_at:
            return self.State.ARCHIVED
        if self.is_draft:
            return self.State.DRAFT
        if self.ends_on and day > self.ends_on:
            return self.State.ENDED
        if self.paused_at:
            return self.State.PAUSED
        if day < self.starts_on:
            return self.State.PLANNED
        return self.State.LIVE

    def state_at(self, now: datetime) -> State:
        """By the brand's calendar."""
        return self.state_on(now.astimezone(self.brand.tz).date())

    def share_text(self, network: str) -> str:
        """What is posted there: its own words, else those for anywhere else; empty for none."""
        texts: dict[str, str] = self.share_texts
        return texts.get(network, "") or texts.get(Network.ELSEWHERE, "")


class LinkQuerySet(models.QuerySet["Link"]):
    def with_everything(self) -> "LinkQuerySet":
        return self.select_related("brand", "campaign__brand", "treat", "offer")


class Link(models.Model):
    class Channel(models.TextChoices):
        INSTAGRAM = "instagram", _("Instagram")
        FACEBOOK = "facebook", _("Facebook")
        TIKTOK = "tiktok", _("TikTok")
        EMAIL = "email", _("E-mail")
        POSTER = "poster", _("Poster with a QR")
        RECEIPT = "receipt", _("Receipt")
        PARTNER = "partner", _("Partner")
        OTHER = "other", _("Somewhere else")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="links")
    channel = models.CharField(_("where it is put"), max_length=9, choices=Channel.choices)
    name = models.CharField(_("name"), max_length=60)
    slug = models.SlugField(max_length=40, unique=True)
    treat = models.ForeignKey(
        Treat,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("leads to"),
        help_text=_("Empty: the shop's front page."),
    )
    amount = models.PositiveBigIntegerField(
        null=True,
        help_text="Of a treat of a free amount what is chosen there already, minor units.",
    )
    offer = models.ForeignKey(
        Offer,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Whose page it leads to instead, to be taken there.",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(
        null=True,
        editable=False,
        help_text="Since when it only leads to the shop; empty: it counts.",
    )

    objects = BrandManager.from_queryset(LinkQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint("campaign", Lower("name"), name="link_name_unique_in_campaign"),
            models.CheckConstraint(
                condition=models.Q(amount=None) | models.Q(amount__gt=0, treat__isnull=False),
                name="link_amount_is_of_its_treat",
            ),
        ]

    def __str__(self) -> str:
        return self.name
