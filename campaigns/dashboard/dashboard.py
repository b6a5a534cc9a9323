"""A page of figures, put together: tiles, the drawn period, stores, links, how far gifts get."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from brands.models import Brand, Store
from campaigns.dashboard import queries, sentences
from campaigns.dashboard.comparison import comparison
from campaigns.dashboard.figures import TILES, Figures, total
from campaigns.dashboard.number_formats import hour_of_day, long_day, month_of, share, short_day
from campaigns.dashboard.period import Period, Step
from campaigns.dashboard.queries import LinkRow, Moment, Ranking, StoreRow
from campaigns.dashboard.tiles import Tile, spans, tiles
from campaigns.models import Campaign


@dataclass(frozen=True)
class Reach:
    """One step of a gift's way, and how many came so far."""

    name: str
    """Of its figure."""
    label: str
    count: int
    of_sold: str


@dataclass(frozen=True)
class Dashboard:
    since: date | None
    """The first day on which anything ever happened. A comparison needs days that were all watched."""
    now: Figures
    tiles: list[Tile]
    moments: list[Moment]
    goes_on: bool
    """Its last day is today, which is not over."""
    drawing: dict[str, Any]
    days_answer: str | None
    stores: Ranking[StoreRow]
    stores_answer: str | None
    links: Ranking[LinkRow]
    links_answer: str | None
    alone: Figures
    reach: list[Reach]
    reach_answer: str | None

    @property
    def stores_most(self) -> int:
        return max([row.figures.redeemed for row in self.stores.rows], default=0)

    @property
    def reach_most(self) -> int:
        return max(1, *(step.count for step in self.reach))

    @property
    def is_new(self) -> bool:
        return self.since is None


def dashboard_of(
    *,
    brand: Brand,
    period: Period,
    now: datetime,
    campaign: Campaign | None = None,
    own: Period | None = None,
) -> Dashboard:
    """Ten queries on the rollups and the names they need, whatever there is to count; with a campaign one
    more. `own`: the days on which the campaign ran.

    Call it inside the brand's scope.
    """
    now = now.astimezone(brand.tz)
    today = now.date()
    both = Period(period.before.first, period.last)
    since = queries.first_day(campaign)
    known = queries.by_day(period=both, campaign=campaign)
    days = {day: known[day] for day in period.each_day()}
    goes_on = period.last == today
    hours: list[Moment] = []
    if campaign is None and (goes_on or period.step is Step.HOUR):
        hours = queries.by_hour(period.last, period.before.last)
    watched = (
        since is not None
        and since <= both.first
        and (campaign is None or bool(own and own.holds(both)))
    )
    sums = total(list(days.values()))
    stores = queries.by_store(period=period, campaign=campaign)
    links = queries.by_link(period=period, campaign=campaign)
    starting = Campaign.objects.starting_between(period.first, period.last) if not campaign else []
    moments = queries.moments(period=period, days=days, hours=hours)
    begun = moments[: now.hour + 1] if goes_on and moments[0].hour is not None else moments
    return Dashboard(
        since=since,
        now=sums,
        tiles=tiles(
            now=sums,
            compared=(
                comparison(period=period, known=known, hours=hours, now=now) if watched else None
            ),
            days=spans([figures for day, figures in days.items() if day < today]),
            currency=brand.currency,
            addresses=addresses(brand, period=period, today=today, campaign=campaign, own=own),
        ),
        moments=begun,
        goes_on=goes_on,
        drawing=drawing(
            moments, period=period, starting=starting, begun=len(begun), goes_on=goes_on
        ),
        days_answer=sentences.reached_a_store(sums),
        stores=stores,
        stores_answer=sentences.busiest_store(stores),
        links=links,
        links_answer=sentences.best_link(links),
        alone=sums - links.together,
        reach=reach(sums),
        reach_answer=sentences.how_far(sums),
    )


def addresses(
    brand: Brand,
    *,
    period: Period,
    today: date,
    campaign: Campaign | None = None,
    store: Store | None = None,
    own: Period | None = None,
) -> dict[str, str]:
    """Where each tile leads: the facts behind it, of the same days and campaign or store."""
    query = period.query(today, own=own) + (f"&campaign={campaign.slug}" if campaign else "")
    query += f"&store={store.slug}" if store else ""
    return {
        name: reverse("figure", kwargs={"brand_slug": brand.slug, "name": name}) + f"?{query}"
        for name in TILES
    }


def reach(figures: Figures) -> list[Reach]:
    """Of the gifts sold in these days, how many were delivered, opened and redeemed so far."""
    sold = figures.sold
    steps = (
        ("sold", _("Sold"), sold),
        ("delivered", _("Delivered"), figures.delivered),
        ("opened", _("Opened"), figures.opened),
        ("redeemed_of_sold", _("Redeemed"), figures.redeemed_of_sold),
    )
    return [
        Reach(name, label, count, share(count / sold) if sold > 0 else "")
        for name, label, count in steps
    ]


def moment_label(moment: Moment, *, long: bool = False) -> str:
    if moment.hour is not None:
        return hour_of_day(moment.hour)
    if moment.step is Step.MONTH:
        return month_of(moment.day)
    return long_day(moment.day) if long else short_day(moment.day)


def drawing(
    moments: list[Moment],
    *,
    period: Period,
    starting: Iterable[Campaign] = (),
    begun: int,
    goes_on: bool = False,
) -> dict[str, Any]:
    """What the chart's script needs: words come translated, numbers bare. Of moments that have not `begun`
    there are none; the last that has is not over if it `goes_on`."""
    unfinished = begun - 1 if goes_on else None
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
        "sold": [moment.figures.gifts_sold for moment in moments[:begun]],
        "redeemed": [moment.figures.redeemed for moment in moments[:begun]],
        "unfinished": unfinished,
        "weekend": [period.step is Step.DAY and moment.day.weekday() >= 5 for moment in moments],
        "starts": [
            {"at": at, "name": campaign.name}
            for campaign in starting
            if (at := place_of(campaign.starts_on, moments)) is not None and period.days > 1
        ],
        "words": {"sold": _("Sold"), "redeemed": _("Redeemed"), "unfinished": _("so far")},
    }


def place_of(day: date, moments: list[Moment]) -> int | None:
    """Where a day is drawn: the last moment that begins no later."""
    begun = [place for place, moment in enumerate(moments) if moment.day <= day]
    return begun[-1] if begun else None
