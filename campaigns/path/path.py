"""The path from a post to the counter, of a campaign or of one of its links, and what it came to."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from campaigns.dashboard import queries
from campaigns.dashboard.figures import Figures
from campaigns.dashboard.of_period import figures_of
from campaigns.dashboard.period import Period
from campaigns.models import Campaign, Link, Visit
from campaigns.moments import moments_of
from campaigns.path.goods import Goods, goods_of
from campaigns.path.link_days import Typed, typed, typed_by_link

NO_GOODS = Goods()
NOBODY = {"browsers": 0, "visits": 0}


@dataclass(frozen=True)
class Path:
    """Money in minor units of the brand's currency."""

    typed: Typed
    figures: Figures
    visitors: int
    """Browsers that followed a link and are known again, each once."""
    spent: int | None
    """What was spent on it: as typed by link and day, else for the whole campaign; None: nobody said."""
    is_spent_in_all: bool = False
    """`spent` is of the whole campaign, whenever it was."""
    goods: Goods = NO_GOODS
    is_whole: bool = False
    """Of all its days up to today, so that every coupon that was used is one of those taken."""
    known_visits: int = 0
    """Visits of such browsers. Whose the others were, nobody may know."""

    @property
    def is_new(self) -> bool:
        return self.figures.nothing_happened and self.typed.is_empty

    @property
    def visitors_are_partial(self) -> bool:
        """There were more visitors, or as many: some visits are nobody's that we know."""
        return self.known_visits < self.figures.visits

    @property
    def per_guest(self) -> int | None:
        """What was spent for each guest at a counter, rounded to the minor unit."""
        guests = self.figures.guests
        return round(self.spent / guests) if self.spent is not None and guests > 0 else None

    @property
    def per_coupon(self) -> int | None:
        """The same for each coupon that was used."""
        used = self.figures.coupons_used
        return round(self.spent / used) if self.spent is not None and used > 0 else None

    @property
    def came_in(self) -> int:
        return self.figures.came_in

    @property
    def left(self) -> int | None:
        """What came in less what was spent and what the goods cost, as far as that is known; None where
        nobody said what was spent."""
        if self.spent is None:
            return None
        return self.came_in - self.spent - (self.goods.cost or 0)


@dataclass(frozen=True)
class Strip:
    link: Link
    path: Path


@dataclass(frozen=True)
class Strips:
    rows: list[Strip]
    count: int
    """Of all its links."""
    together: Figures


def path_of(campaign: Campaign, *, period: Period, today: date) -> Path:
    """Six queries. Expects the brand's scope."""
    told = typed(campaign=campaign, period=period)
    seen = _known(campaign, period).aggregate(**_VISITORS)
    is_whole = period.first <= campaign.starts_on and period.last >= today
    in_all = told.cost is None and is_whole
    return Path(
        typed=told,
        figures=figures_of(period, campaign=campaign),
        visitors=seen["browsers"],
        known_visits=seen["visits"],
        spent=campaign.spent if in_all else told.cost,
        is_spent_in_all=in_all and campaign.spent is not None,
        goods=goods_of(campaign, period),
        is_whole=is_whole,
    )


def strips_of(campaign: Campaign, *, period: Period, part: slice) -> Strips:
    """Those of its links that stand there, those that brought most gifts to a store first. Five queries."""
    ranking = queries.by_link(period=period, campaign=campaign, part=part)
    keys = [row.link.pk for row in ranking.rows]
    told = typed_by_link(keys, campaign=campaign, period=period)
    visitors = _visitors_by_link(keys, campaign, period)
    rows = [
        Strip(
            row.link,
            Path(
                typed=(said := told.get(row.link.pk, Typed())),
                figures=row.figures,
                visitors=(seen := visitors.get(row.link.pk, NOBODY))["browsers"],
                known_visits=seen["visits"],
                spent=said.cost,
            ),
        )
        for row in ranking.rows
    ]
    return Strips(rows, ranking.count, ranking.together)


_VISITORS = {"browsers": Count("visitor", distinct=True), "visits": Count("pk")}
"""A count of the visits themselves: who came twice is one, which no sum of days can tell."""


def _visitors_by_link(
    links: Collection[UUID], campaign: Campaign, period: Period
) -> dict[UUID, dict[str, int]]:
    seen = _known(campaign, period).filter(link__in=links).values("link_id").order_by()
    counted = seen.annotate(**_VISITORS).values_list("link_id", *_VISITORS)
    return {link: {"browsers": browsers, "visits": visits} for link, browsers, visits in counted}


def _known(campaign: Campaign, period: Period) -> "QuerySet[Visit]":
    """Visits of browsers that are known again; of one that was counted before it said yes, that yes."""
    return Visit.objects.filter(
        Q(is_repeat=False) | Q(said_yes=True),
        campaign=campaign,
        at__range=moments_of(campaign.brand, period),
    ).exclude(visitor=b"")
