"""Likes, comments, shares and costs as somebody types them, by link and day.

Belongs inside the brand's scope.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from campaigns.dashboard.period import Period
from campaigns.models import Campaign, Link, LinkDay
from campaigns.models.typed import COUNTED
from core.forms.version import check_version, version_of
from redemption.audit import log
from redemption.audit.actors import SYSTEM, Actor

SAID = (*COUNTED, "cost")
COUNT_MAX = 1_000_000_000
NOTHING: dict[str, int | None] = dict.fromkeys(SAID)


@dataclass(frozen=True)
class Typed:
    """Sums of some days. None: nobody said anything of it. `cost`: minor units."""

    likes: int | None = None
    comments: int | None = None
    shares: int | None = None
    cost: int | None = None

    @property
    def reactions(self) -> int | None:
        told = [each for each in (self.likes, self.comments, self.shares) if each is not None]
        return sum(told) if told else None

    @property
    def is_empty(self) -> bool:
        return self == Typed()


def typed(*, campaign: Campaign, period: Period) -> Typed:
    """Of all links of the campaign. One query."""
    return Typed(**_of(campaign, period).aggregate(**{name: Sum(name) for name in SAID}))


def typed_by_link(
    links: Collection[UUID], *, campaign: Campaign, period: Period
) -> dict[UUID, Typed]:
    """Of those of which anything was said. One query."""
    rows = _of(campaign, period).filter(link__in=links).values("link_id").order_by()
    # The alias must not be the column's name, or the database sums it twice.
    sums = rows.annotate(**{f"sum_of_{name}": Sum(name) for name in SAID})
    return {row["link_id"]: Typed(**{name: row[f"sum_of_{name}"] for name in SAID}) for row in sums}


def _of(campaign: Campaign, period: Period) -> Any:
    return LinkDay.objects.filter(campaign=campaign, day__range=(period.first, period.last))


def said_of(link: Link, day: date) -> dict[str, int | None]:
    """What is kept of the link and day: likes, comments, shares, and cost in minor units."""
    row = LinkDay.objects.filter(link=link, day=day).values(*SAID).first()
    return dict(row or NOTHING)


def version(link: Link, day: date) -> str:
    return version_of(said_of(link, day))


def put(
    link: Link,
    *,
    day: date,
    said: Mapping[str, int | None],
    seen: str = "",
    by: Actor = SYSTEM,
    now: datetime | None = None,
) -> bool:
    """From now on this is said of the link and day; of nothing said no row is left. Whether anything changed.
    Raises SavedSince where `seen` is not the version that is kept. Expects its turn
    (planning/campaigns.py)."""
    kept, wanted = said_of(link, day), {name: said.get(name) for name in SAID}
    check_version(seen, kept=kept, wanted=wanted)
    if kept == wanted:
        return False
    with transaction.atomic():
        if wanted == NOTHING:
            LinkDay.objects.filter(link=link, day=day).delete()
        else:
            LinkDay.objects.update_or_create(
                link=link,
                day=day,
                defaults=wanted,
                create_defaults={
                    **wanted,
                    "brand_id": link.brand_id,
                    "campaign_id": link.campaign_id,
                },
            )
        log.record(
            brand=link.campaign.brand,
            actor=by,
            act=log.Act.LINK_DAY_TYPED,
            subject=f"link:{link.pk}",
            now=now or timezone.now(),
            details={
                "link": link.name,
                "campaign": link.campaign.name,
                "day": day.isoformat(),
                "currency": link.campaign.brand.currency,
                "changes": {
                    name: [kept[name], wanted[name]] for name in SAID if kept[name] != wanted[name]
                },
            },
        )
    return True
