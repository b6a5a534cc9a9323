"""A page of figures, put together: tiles, the drawn period, stores, links, how far gifts get."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from campaigns import answers, revenue
from campaigns.figures import FIGURES, Figures, total
from campaigns.models import Campaign
from campaigns.period import Period, Step
from campaigns.revenue import LinkRow, Moment, StoreRow
from campaigns.tiles import Tile, tiles
from campaigns.wording import hour_of_day, long_day, share, short_day
from redemption.models import Brand


@dataclass(frozen=True)
class Reach:
    """One step of a gift's way, and how many came so far."""

    label: str
    count: int
    of_sold: str


@dataclass(frozen=True)
class Board:
    since: date | None
    """The first day on which anything ever happened. A comparison needs days that were all watched."""
    now: Figures
    tiles: list[Tile]
    moments: list[Moment]
    drawing: dict[str, Any]
    days_answer: str | None
    stores: list[StoreRow]
    stores_answer: str | None
    stores_most: int
    links: list[LinkRow]
    links_answer: str | None
    alone: Figures
    reach: list[Reach]
    reach_answer: str | None

    @property
    def reach_most(self) -> int:
        return max(1, *(step.count for step in self.reach))

    @property
    def is_new(self) -> bool:
        return self.since is None


def board(*, brand: Brand, period: Period, today: date, campaign: Campaign | None = None) -> Board:
    """Nine queries on the rollups and the names they need, whatever there is to count.

    Call it inside the brand's scope.
    """
    both = Period(period.before.first, period.last)
    since = revenue.first_day(campaign)
    known = revenue.by_day(period=both, campaign=campaign)
    days = {day: known[day] for day in period.each_day()}
    earlier = total([known[day] for day in period.before.each_day()])
    now = total(list(days.values()))
    stores = revenue.by_store(period=period, campaign=campaign)
    links = revenue.by_link(period=period, campaign=campaign)
    starting = Campaign.objects.starting_between(period.first, period.last) if not campaign else []
    moments = revenue.moments(period=period, days=days, by_the_hour=campaign is None)
    return Board(
        since=since,
        now=now,
        tiles=tiles(
            now=now,
            before=earlier if since is not None and since <= both.first else None,
            days=list(days.values()),
            period_days=period.days,
            currency=brand.currency,
            addresses=addresses(brand, period=period, today=today, campaign=campaign),
        ),
        moments=moments,
        drawing=drawing(moments, period=period, starting=starting),
        days_answer=answers.reached_a_store(now),
        stores=stores,
        stores_answer=answers.busiest_store(stores),
        stores_most=max([row.figures.redeemed for row in stores], default=0),
        links=links,
        links_answer=answers.best_link(links),
        alone=now - total([row.figures for row in links]),
        reach=reach(now),
        reach_answer=answers.how_far(now),
    )


def addresses(
    brand: Brand, *, period: Period, today: date, campaign: Campaign | None
) -> dict[str, str]:
    """Where each tile leads: the facts behind it, of the same days and campaign."""
    query = period.query(today) + (f"&campaign={campaign.slug}" if campaign else "")
    return {
        name: reverse("figure", kwargs={"brand_slug": brand.slug, "name": name}) + f"?{query}"
        for name in FIGURES
    }


def reach(figures: Figures) -> list[Reach]:
    """Sold, delivered, opened, redeemed: each as a share of what was sold in the same days."""
    steps = (
        (_("Sold"), figures.gifts_sold),
        (_("Delivered"), figures.delivered),
        (_("Opened"), figures.opened),
        (_("Redeemed"), figures.redeemed),
    )
    return [
        Reach(label, count, share(count / figures.gifts_sold) if figures.gifts_sold > 0 else "")
        for label, count in steps
    ]


def moment_label(moment: Moment, *, long: bool = False) -> str:
    if moment.hour is not None:
        return hour_of_day(moment.hour)
    return long_day(moment.day) if long else short_day(moment.day)


def drawing(
    moments: list[Moment], *, period: Period, starting: Iterable[Campaign] = ()
) -> dict[str, Any]:
    """What the chart's script needs: words come translated, numbers bare."""
    weekly = period.step is Step.WEEK
    return {
        "language": get_language(),
        "labels": [moment_label(moment) for moment in moments],
        "titles": [
            _("Week of %(day)s") % {"day": moment_label(moment)}
            if weekly
            else moment_label(moment, long=True)
            for moment in moments
        ],
        "sold": [moment.figures.gifts_sold for moment in moments],
        "redeemed": [moment.figures.redeemed for moment in moments],
        "weekend": [period.step is Step.DAY and moment.day.weekday() >= 5 for moment in moments],
        "starts": [
            {"at": at, "name": campaign.name}
            for campaign in starting
            if (at := place_of(campaign.starts_on, moments)) is not None and period.days > 1
        ],
        "words": {"sold": _("Sold"), "redeemed": _("Redeemed")},
    }


def place_of(day: date, moments: list[Moment]) -> int | None:
    """Where a day is drawn: the last moment that begins no later."""
    begun = [place for place, moment in enumerate(moments) if moment.day <= day]
    return begun[-1] if begun else None
