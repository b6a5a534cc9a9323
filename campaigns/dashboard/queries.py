"""The questions a dashboard asks. Each is one query on the rollups and never reads an order.

All of them belong inside the brand's scope.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F, Min, QuerySet, Sum, Value
from django.db.models.functions import Least, TruncDate

from brands.models import Store
from campaigns.dashboard.figures import Figures
from campaigns.dashboard.period import Period, Step
from campaigns.facts.counters import NAMES
from campaigns.models import Campaign, Link, Rollup


@dataclass(frozen=True)
class Moment:
    """A day, a week (by its first day) or an hour of a day, with its figures."""

    day: date
    hour: int | None
    figures: Figures


@dataclass(frozen=True)
class StoreRow:
    store: Store
    figures: Figures


@dataclass(frozen=True)
class LinkRow:
    link: Link
    figures: Figures


@dataclass(frozen=True)
class CampaignRow:
    campaign: Campaign
    figures: Figures


def by_day(*, period: Period, campaign: Campaign | None = None) -> dict[date, Figures]:
    """Every day of the period, also those on which nothing happened."""
    rows = _seen(campaign).filter(day__range=(period.first, period.last)).values("day", *NAMES)
    known = {row["day"]: Figures.of(row) for row in rows}
    return {day: known.get(day, Figures()) for day in period.each_day()}


def by_day_at(stores: Collection[UUID], *, period: Period) -> dict[date, Figures]:
    """The same of some stores together."""
    rows = _at(stores).filter(day__range=(period.first, period.last)).values("day")
    summed = rows.annotate(**{name: Sum(name) for name in NAMES}).order_by()
    known = {row["day"]: Figures.of(row) for row in summed}
    return {day: known.get(day, Figures()) for day in period.each_day()}


def by_hour(*days: date) -> list[Moment]:
    """The 24 hours of each day on the clock of the brand's time zone."""
    rows = Rollup.objects.seen_by(Rollup.Grain.HOUR).filter(day__in=days)
    known = {
        (row["day"], row["hour"]): Figures.of(row) for row in rows.values("day", "hour", *NAMES)
    }
    hours = [(day, hour) for day in days for hour in range(24)]
    return [Moment(*hour, known.get(hour, Figures())) for hour in hours]


def moments(*, period: Period, days: dict[date, Figures], hours: list[Moment]) -> list[Moment]:
    """The period as it is drawn: by hour, where these are known, by day or by week."""
    if period.step is Step.HOUR and hours:
        return [moment for moment in hours if moment.day == period.first]
    if period.step is not Step.WEEK:
        return [Moment(day, None, figures) for day, figures in days.items()]
    weeks: dict[date, Figures] = {}
    for day, figures in days.items():
        monday = max(day - timedelta(days=day.weekday()), period.first)
        weeks[monday] = weeks.get(monday, Figures()) + figures
    return [Moment(monday, None, figures) for monday, figures in weeks.items()]


def by_store(*, period: Period, campaign: Campaign | None = None) -> list[StoreRow]:
    """Every store that is open for gifts, and any other that took some, most redeemed first."""
    if campaign is None:
        seen = Rollup.objects.seen_by(Rollup.Grain.STORE)
    else:
        seen = Rollup.objects.seen_by(Rollup.Grain.CAMPAIGN_STORE).filter(campaign=campaign)
    known = _summed(seen, period, "store_id")
    stores = Store.objects.order_by("name")
    rows = [StoreRow(store, known.get(store.pk, Figures())) for store in stores]
    shown = [row for row in rows if row.store.is_active or not row.figures.nothing_happened]
    return sorted(shown, key=lambda row: -row.figures.redeemed)


def by_own_store(stores: Collection[UUID], *, period: Period) -> list[StoreRow]:
    """Each of these stores, also one that is off, most redeemed first."""
    known = _summed(_at(stores), period, "store_id")
    rows = [
        StoreRow(store, known.get(store.pk, Figures()))
        for store in Store.objects.filter(pk__in=stores).order_by("name")
    ]
    return sorted(rows, key=lambda row: -row.figures.redeemed)


def by_link(*, period: Period, campaign: Campaign | None = None) -> list[LinkRow]:
    """The links that did anything in the period; with a campaign, all of its links. Those that brought
    most gifts to a store come first."""
    seen, links = Rollup.objects.seen_by(Rollup.Grain.LINK), Link.objects.with_everything()
    if campaign is not None:
        seen, links = seen.filter(campaign=campaign), links.filter(campaign=campaign)
    known = _summed(seen, period, "link_id")
    if campaign is None:
        links = links.filter(pk__in=known)
    rows = [LinkRow(link, known.get(link.pk, Figures())) for link in links]
    return sorted(
        rows,
        key=lambda row: (
            -row.figures.redeemed,
            -row.figures.gifts_sold,
            -row.figures.visits,
            row.link.name,
        ),
    )


def by_campaign(*, today: date, zone: ZoneInfo) -> list[CampaignRow]:
    """Every campaign with what it brought on its own days, as its page shows them; newest first."""
    last = Least("campaign__ends_on", TruncDate("campaign__archived_at", tzinfo=zone), Value(today))
    rows = (
        Rollup.objects.seen_by(Rollup.Grain.CAMPAIGN)
        .filter(day__gte=F("campaign__starts_on"), day__lte=last)
        .values("campaign_id")
        .annotate(**{name: Sum(name) for name in NAMES})
        .order_by()
    )
    known = {row["campaign_id"]: Figures.of(row) for row in rows}
    return [
        CampaignRow(campaign, known.get(campaign.pk, Figures()))
        for campaign in Campaign.objects.newest_first()
    ]


def of_campaign(campaign: Campaign) -> Figures:
    """All it ever brought."""
    return Figures.of(_seen(campaign).aggregate(**{name: Sum(name) for name in NAMES}))


def first_day(campaign: Campaign | None = None) -> date | None:
    """The first day on which anything happened, or None when nothing has yet."""
    earliest: date | None = _seen(campaign).aggregate(first=Min("day"))["first"]
    return earliest


def first_day_at(stores: Collection[UUID]) -> date | None:
    """The first day on which anything happened at one of these stores."""
    earliest: date | None = _at(stores).aggregate(first=Min("day"))["first"]
    return earliest


def _at(stores: Collection[UUID]) -> "QuerySet[Rollup]":
    return Rollup.objects.seen_by(Rollup.Grain.STORE).filter(store__in=stores)


def _seen(campaign: Campaign | None) -> "QuerySet[Rollup]":
    if campaign is None:
        return Rollup.objects.seen_by(Rollup.Grain.BRAND)
    return Rollup.objects.seen_by(Rollup.Grain.CAMPAIGN).filter(campaign=campaign)


def _summed(seen: "QuerySet[Rollup]", period: Period, key: str) -> dict[UUID, Figures]:
    rows = (
        seen.filter(day__range=(period.first, period.last))
        .values(key)
        .annotate(**{name: Sum(name) for name in NAMES})
        .order_by()
    )
    return {row[key]: Figures.of(row) for row in rows}
