"""The questions a dashboard asks. Each is one query on the rollups and never reads an order.

All of them belong inside the brand's scope.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Generic, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Case, F, Min, Q, QuerySet, Sum, UUIDField, Value, When
from django.db.models.functions import Least, TruncDate

from brands.models import Store
from campaigns.dashboard.figures import Figures, total
from campaigns.dashboard.period import Period, Step
from campaigns.facts.counters import NAMES
from campaigns.models import Campaign, Link, Rollup
from giftshop.catalog.models import Treat

AT_THE_TOP = slice(10)
"""Of a ranking, what a page of figures shows of it."""
REDEEMED = NAMES.index("redeemed")
NOTHING = (0,) * len(NAMES)


@dataclass(frozen=True)
class Moment:
    """A day, a week or a month (by its first day) or an hour of a day, with its figures."""

    day: date
    hour: int | None
    figures: Figures
    step: Step = Step.DAY

    def last_of(self, period: Period) -> date:
        """Its last day, within the period that it is a part of."""
        if self.step is Step.WEEK:
            return min(self.day + timedelta(days=6 - self.day.weekday()), period.last)
        if self.step is Step.MONTH:
            following = (self.day.replace(day=1) + timedelta(days=31)).replace(day=1)
            return min(following - timedelta(days=1), period.last)
        return self.day


@dataclass(frozen=True)
class StoreRow:
    store: Store
    figures: Figures


@dataclass(frozen=True)
class LinkRow:
    link: Link
    figures: Figures


@dataclass(frozen=True)
class TreatRow:
    treat: Treat
    figures: Figures


Row = TypeVar("Row")


@dataclass(frozen=True)
class Ranking(Generic[Row]):
    """Some rows of a list in its order, those asked for, and what is known of all."""

    rows: list[Row]
    count: int
    """Of all."""
    together: Figures
    redeemed: int
    """Gifts handed over, without those that took back more than they gave."""


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
    """The period as it is drawn: by hour, where these are known, by day, by week or by month."""
    if period.step is Step.HOUR and hours:
        return [moment for moment in hours if moment.day == period.first]
    if period.step not in (Step.WEEK, Step.MONTH):
        return [Moment(day, None, figures) for day, figures in days.items()]
    spans: dict[date, Figures] = {}
    for day, figures in days.items():
        over = day.weekday() if period.step is Step.WEEK else day.day - 1
        begins = max(day - timedelta(days=over), period.first)
        spans[begins] = spans.get(begins, Figures()) + figures
    return [Moment(begins, None, figures, period.step) for begins, figures in spans.items()]


def by_store(
    *,
    period: Period,
    campaign: Campaign | None = None,
    among: Collection[UUID] | None = None,
    words: str = "",
    part: slice = AT_THE_TOP,
) -> Ranking[StoreRow]:
    """Every store that is open for gifts, and any other that took some, most redeemed first; or each of those
    that it is to be among, also one that is off. With `words` those that are found by them."""
    if campaign is None:
        seen = Rollup.objects.seen_by(Rollup.Grain.STORE)
    else:
        seen = Rollup.objects.seen_by(Rollup.Grain.CAMPAIGN_STORE).filter(campaign=campaign)
    known = {key: sums for key, *sums in _summed(seen, period, "store_id")}
    took_some = [key for key, sums in known.items() if any(sums)]
    of_all = Q(is_active=True) | Q(pk__in=took_some)
    stores = Store.objects.filter(of_all if among is None else Q(pk__in=among)).matching(words)
    rows = list(stores.only("name", "slug", "city", "is_active").order_by("name", "pk"))
    rows.sort(key=lambda store: -known.get(store.pk, NOTHING)[REDEEMED])
    shown = [StoreRow(store, Figures(*known.get(store.pk, NOTHING))) for store in rows[part]]
    sums = [known[row.pk] for row in rows if row.pk in known]
    together = Figures(*map(sum, zip(*sums, strict=True)))
    return Ranking(shown, len(rows), together, sum(max(each[REDEEMED], 0) for each in sums))


def by_link(
    *,
    period: Period,
    campaign: Campaign | None = None,
    words: str = "",
    part: slice = AT_THE_TOP,
    sums: bool = True,
) -> Ranking[LinkRow]:
    """The links that did anything in the period; with a campaign, all of its links. Those that brought
    most gifts to a store come first. With `words` those in whose own name or their campaign's all of them
    are. `sums`: whether it is asked what all of them brought together; else that is nothing."""
    seen = Rollup.objects.seen_by(Rollup.Grain.LINK)
    if campaign is not None:
        seen = seen.filter(campaign=campaign)
    seen = seen.filter(_named(words, "link__"))
    # Of all only what their order asks for: there may be thousands.
    counted = _summed(seen, period, "link_id", "link__name", names=BY)
    names = {key: name for key, name, *_sums in counted}
    known = {key: sums for key, _name, *sums in counted}
    if campaign is not None:
        all_of_it = Link.objects.filter(_named(words), campaign=campaign)
        names |= dict(all_of_it.values_list("pk", "name"))
    most = {key: tuple(-each for each in known.get(key, (0,) * len(BY))) for key in names}
    keys = sorted(names, key=lambda key: (*most[key], names[key]))[part]
    shown = Link.objects.with_everything().in_bulk(keys)
    among = seen if sums else seen.filter(link__in=keys)
    # The rest is one row, without a key.
    is_shown = Case(When(link__in=keys, then="link_id"), output_field=UUIDField())
    figures = {
        key: Figures(*each)
        for key, *each in _summed(among.annotate(shown_id=is_shown), period, "shown_id")
    }
    rows = [LinkRow(shown[key], figures.get(key, Figures())) for key in keys]
    redeemed = sum(max(each[0], 0) for each in known.values())
    together = total(list(figures.values())) if sums else Figures()
    return Ranking(rows, len(names), together, redeemed)


def by_treat(
    *,
    period: Period,
    campaign: Campaign | None = None,
    words: str = "",
    part: slice = AT_THE_TOP,
) -> Ranking[TreatRow]:
    """Of which anything was sold or handed over, most sold first. With `words` those whose names have all of
    them. Two queries."""
    if campaign is None:
        seen = Rollup.objects.seen_by(Rollup.Grain.TREAT)
    else:
        seen = Rollup.objects.seen_by(Rollup.Grain.CAMPAIGN_TREAT).filter(campaign=campaign)
    for word in words.split():
        seen = seen.filter(treat__name__icontains=word)
    known = {key: Figures(*sums) for key, *sums in _summed(seen, period, "treat_id")}
    keys = [key for key, figures in known.items() if not figures.nothing_happened]
    keys.sort(key=lambda key: (-known[key].sold, -known[key].guests, str(key)))
    treats = Treat.objects.in_bulk(keys[part])
    rows = [TreatRow(treats[key], known[key]) for key in keys[part]]
    redeemed = sum(max(known[key].redeemed, 0) for key in keys)
    return Ranking(rows, len(keys), total([known[key] for key in keys]), redeemed)


BY = ("redeemed", "gifts_sold", "visits")
"""Those links come first that have most of the first, and where they are alike of the next."""


def _named(words: str, link: str = "") -> Q:
    """Of a link each word is in its own name or its campaign's; `link` leads to it."""
    found = Q()
    for word in words.split():
        its_own = Q(**{f"{link}name__icontains": word})
        found &= its_own | Q(**{f"{link}campaign__name__icontains": word})
    return found


def by_campaign(campaigns: Iterable[Campaign], *, today: date, zone: ZoneInfo) -> list[CampaignRow]:
    """Each of these with what it brought on its own days, as its page shows them."""
    shown = list(campaigns)
    last = Least("campaign__ends_on", TruncDate("campaign__archived_at", tzinfo=zone), Value(today))
    rows = (
        Rollup.objects.seen_by(Rollup.Grain.CAMPAIGN)
        .filter(campaign__in=shown, day__gte=F("campaign__starts_on"), day__lte=last)
        .values("campaign_id")
        .annotate(**{name: Sum(name) for name in NAMES})
        .order_by()
    )
    known = {row["campaign_id"]: Figures.of(row) for row in rows}
    return [CampaignRow(campaign, known.get(campaign.pk, Figures())) for campaign in shown]


def of_campaign(campaign: Campaign) -> Figures:
    """All it ever brought."""
    return Figures.of(_seen(campaign).aggregate(**{name: Sum(name) for name in NAMES}))


def campaigns_at(store: Store, *, period: Period) -> list[CampaignRow]:
    """Whose gifts were handed over there, most first: as many as a page of figures shows."""
    rows = Rollup.objects.seen_by(Rollup.Grain.CAMPAIGN_STORE).filter(
        store=store, day__range=(period.first, period.last)
    )
    sums = rows.values("campaign_id").annotate(**{name: Sum(name) for name in NAMES})
    top = list(sums.filter(redeemed__gt=0).order_by("-redeemed", "campaign_id")[AT_THE_TOP])
    campaigns = Campaign.objects.in_bulk([row["campaign_id"] for row in top])
    return [CampaignRow(campaigns[row["campaign_id"]], Figures.of(row)) for row in top]


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


def _summed(
    seen: "QuerySet[Rollup]", period: Period, *keys: str, names: Sequence[str] = NAMES
) -> list[tuple[Any, ...]]:
    """A row for each key: the key, and these counters in their order. Bare, for they may be many."""
    sums = {f"sum_of_{name}": Sum(name) for name in names}
    rows = seen.filter(day__range=(period.first, period.last)).values(*keys).annotate(**sums)
    return list(rows.order_by().values_list(*keys, *sums))
