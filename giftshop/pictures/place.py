"""What a picture is of: a treat, news, a campaign, or the brand itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast
from uuid import UUID

from django.db.models import QuerySet

from brands.models import Brand
from brands.shown_picture import ShownPicture, no_picture
from giftshop.catalog.models import Treat
from giftshop.news.models import News
from giftshop.pictures.models import Picture


class PlaceGone(Exception):
    """What the picture is of was deleted since it was looked for: news alone can be."""


@dataclass(frozen=True)
class OfCampaign:
    """What is known here of a campaign, which stands in a room above."""

    pk: UUID
    name: str = ""
    slug: str = ""
    art: str = ""
    """The drawing that stands for it without a picture."""

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Place:
    """Where a picture is shown. All of it expects the brand's scope."""

    brand: Brand
    purpose: Picture.Purpose
    treat: Treat | None = None
    """Of a treat's picture; the brand's own have none."""
    news: News | None = None
    """Of a picture of news."""
    campaign: OfCampaign | None = None

    def pictures(self) -> QuerySet[Picture]:
        """All that were ever uploaded for it and are not forgotten."""
        of = {"treat": self.treat, "news": self.news}
        campaign_id = self.campaign.pk if self.campaign else None
        return Picture.objects.filter(purpose=self.purpose, campaign_id=campaign_id, **of)

    def newest(self) -> Picture | None:
        """The one that was uploaded last: on its way, shown, or failed. One query."""
        return self.pictures().filter(unused_since=None).order_by("-created_at").first()

    @property
    def thing(self) -> Treat | News | OfCampaign | None:
        """What it is of; None: the brand."""
        return self.treat or self.news or self.campaign

    @property
    def subject(self) -> str:
        return f"{self.purpose}:{self.thing.pk}" if self.thing else f"brand:{self.brand.pk}"

    @property
    def name(self) -> str:
        return str(self.thing or self.brand)

    def shown(self) -> ShownPicture:
        """What pages show of it. No query; of a campaign one, for nothing of it is kept in its row."""
        if self.campaign:
            shown = self._shown().values_list("shown", flat=True).first()
            return cast("ShownPicture", shown or no_picture())
        row = self.treat or self.news
        kept = row.picture if row else self.brand.pictures.get(str(self.purpose))
        return cast("ShownPicture", kept or no_picture())

    def _shown(self) -> QuerySet[Picture]:
        return self.pictures().filter(state=Picture.State.READY, unused_since=None)

    def held(self) -> Place:
        """As it is now, locked until the end of the transaction. Raises PlaceGone."""
        if self.treat:
            treats = Treat.objects.select_for_update(no_key=True)
            return replace(self, treat=treats.get(pk=self.treat.pk))
        if self.news:
            held = News.objects.select_for_update(no_key=True).filter(pk=self.news.pk).first()
            if held is None:
                raise PlaceGone
            return replace(self, news=held)
        return replace(  # a campaign's pictures take turns with the brand's own
            self, brand=Brand.objects.select_for_update(no_key=True).get(pk=self.brand.pk)
        )

    def show(self, shown: ShownPicture) -> None:
        """Have pages show this from now on. Of a place that is held."""
        if self.treat:
            Treat.objects.filter(pk=self.treat.pk).update(picture=shown)
        elif self.news:
            News.objects.filter(pk=self.news.pk).update(picture=shown)
        elif self.campaign:
            self._shown().update(shown=shown)
        else:
            pictures = {**self.brand.pictures, str(self.purpose): shown}
            Brand.objects.filter(pk=self.brand.pk).update(pictures=pictures)


def place_of(picture: Picture) -> Place:
    purpose = Picture.Purpose(picture.purpose)
    campaign = OfCampaign(picture.campaign_id) if picture.campaign_id else None
    return Place(picture.brand, purpose, picture.treat, picture.news, campaign)
