"""A short piece of news, or an event, on a brand's shop."""

from datetime import date
from typing import Self

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from brands.models import Brand
from brands.shown_picture import no_picture
from brands.translations import Translated
from core.ids import uuid7
from core.tenancy import BrandManager
from giftshop.catalog.models import ART

TITLE_LENGTH_MAX = 80
WORDS_LENGTH_MAX = 400


class NewsQuerySet(models.QuerySet["News"]):
    def published(self) -> Self:
        return self.filter(is_draft=False)

    def on_show(self, today: date) -> Self:
        """Those of this day, by the brand's calendar; what began last comes first."""
        days = {"shown_from__lte": today, "shown_until__gte": today}
        return self.published().filter(**days).order_by("-shown_from", "pk")


class News(Translated):
    """Days are of the brand's calendar, the last one included."""

    class State(models.TextChoices):
        """Where it stands on a day. Kept nowhere: the days say it."""

        SHOWN = "shown", _("On show")
        SOON = "soon", _("Soon")
        DRAFT = "draft", _("Draft")
        OVER = "over", _("Over")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+", db_index=False)
    title = models.CharField(max_length=TITLE_LENGTH_MAX)
    words = models.CharField(max_length=WORDS_LENGTH_MAX)
    art = models.CharField(max_length=120, blank=True, validators=[RegexValidator(ART)])
    picture = models.JSONField(
        default=no_picture,
        db_default=models.Value({}, models.JSONField()),
        blank=True,
        editable=False,
    )
    """A ShownPicture: what was uploaded and is shown instead of the drawing (giftshop/pictures)."""
    happens_on = models.DateField(null=True, help_text="Of an event.")
    shown_from = models.DateField()
    shown_until = models.DateField()
    is_draft = models.BooleanField(default=True)
    changed_at = models.DateTimeField()

    objects = BrandManager.from_queryset(NewsQuerySet)()

    class Meta:
        verbose_name_plural = "news"
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(title="") & ~models.Q(words=""), name="news_says_something"
            ),
            models.CheckConstraint(
                condition=models.Q(shown_until__gte=models.F("shown_from")),
                name="news_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=models.Q(art="") | models.Q(art__regex=ART), name="news_art_is_a_drawing"
            ),
        ]
        indexes = [
            models.Index(fields=["brand", "is_draft", "shown_until"], name="news_days_of_brand")
        ]

    def __str__(self) -> str:
        return self.title

    def state_on(self, today: date) -> "News.State":
        if self.is_draft:
            return News.State.DRAFT
        if today > self.shown_until:
            return News.State.OVER
        return News.State.SHOWN if today >= self.shown_from else News.State.SOON
