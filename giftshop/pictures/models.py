"""An uploaded picture, from its arrival to the day its files go."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from brands.models import Brand
from brands.shown_picture import no_picture
from core.ids import uuid7
from core.tenancy import BrandManager
from giftshop.catalog.models import Treat
from giftshop.news.models import News

PERCENT_MAX = 100


class Picture(models.Model):
    """One upload with one focus. Nothing of it changes once its files are made: another focus is another
    picture. It is of a treat, of news or of a campaign, or the brand's logo or hero."""

    class Purpose(models.TextChoices):
        TREAT = "treat", _("Picture of a treat")
        NEWS = "news", _("Picture of news")
        LOGO = "logo", _("Logo")
        HERO = "hero", _("Large picture")
        CAMPAIGN = "campaign", _("Picture of a campaign")

    class State(models.TextChoices):
        ARRIVING = "arriving", _("Arriving")
        WAITING = "waiting", _("Being prepared")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Not usable")

    class Failure(models.TextChoices):
        BROKEN = "broken", _("It is damaged, or was cut off on its way.")
        TOO_HEAVY = "too_heavy", _("It takes too long to open. Save it smaller and try again.")
        GONE = "gone", _("Its file is no longer there. Upload it once more.")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=8, choices=Purpose)
    treat = models.ForeignKey(Treat, null=True, on_delete=models.PROTECT, related_name="+")
    news = models.ForeignKey(News, null=True, on_delete=models.SET_NULL, related_name="+")
    campaign_id = models.UUIDField(
        null=True, help_text="Opaque: pictures know nothing of campaigns."
    )
    state = models.CharField(max_length=8, choices=State, default=State.ARRIVING)
    failure = models.CharField(max_length=12, choices=Failure, blank=True)
    alt = models.CharField(max_length=160, blank=True)
    focus_x = models.PositiveSmallIntegerField(default=50)
    """Percent from the left of the upright picture; what a cut keeps in sight."""
    focus_y = models.PositiveSmallIntegerField(default=50)
    shown = models.JSONField(default=no_picture)
    """A ShownPicture."""
    created_at = models.DateTimeField()
    prepared_at = models.DateTimeField(null=True)
    unused_since = models.DateTimeField(
        null=True, help_text=_("Since when nothing shows it; its files go a while later.")
    )

    objects = BrandManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(focus_x__lte=PERCENT_MAX) & Q(focus_y__lte=PERCENT_MAX),
                name="picture_focus_within_it",
            ),
            models.CheckConstraint(
                condition=Q(
                    Q(purpose="treat", treat__isnull=False, news=None)
                    | Q(purpose="news", treat=None, news__isnull=False)
                    | Q(purpose="news", treat=None, unused_since__isnull=False)  # the news are gone
                    | Q(purpose__in=["logo", "hero"], treat=None, news=None),
                    campaign_id=None,
                )
                | Q(purpose="campaign", treat=None, news=None, campaign_id__isnull=False),
                name="picture_is_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(state="ready", prepared_at__isnull=False)
                | (~Q(state="ready") & Q(prepared_at__isnull=True)),
                name="picture_ready_once_prepared",
            ),
            models.CheckConstraint(
                condition=Q(state="failed", failure__gt="") | (~Q(state="failed") & Q(failure="")),
                name="picture_failed_for_a_reason",
            ),
            models.UniqueConstraint(
                fields=["treat"],
                condition=Q(state="ready", unused_since__isnull=True),
                name="picture_one_shown_of_a_treat",
            ),
            models.UniqueConstraint(
                fields=["news"],
                condition=Q(state="ready", unused_since__isnull=True),
                name="picture_one_shown_of_news",
            ),
            models.UniqueConstraint(
                fields=["brand", "purpose"],
                condition=Q(
                    state="ready", unused_since=None, treat=None, news=None, campaign_id=None
                ),
                name="picture_one_shown_of_a_brand",
            ),
            models.UniqueConstraint(
                fields=["campaign_id"],
                condition=Q(state="ready", unused_since__isnull=True),
                name="picture_one_shown_of_a_campaign",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"

    @property
    def folder(self) -> str:
        """Where its files stand in the storage."""
        return self.pk.hex

    @property
    def upload_name(self) -> str:
        """What was uploaded, as it came. No address leads there; it goes once the files are made."""
        return f"uploads/{self.pk.hex}"
