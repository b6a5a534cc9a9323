"""Figures of some stores alone: what happened at their counters, together and each. Sales, visits and links
are told of no store, so nothing is said of them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from brands.models import Brand, Store
from campaigns.dashboard import queries, sentences
from campaigns.dashboard.comparison import comparison
from campaigns.dashboard.dashboard import addresses
from campaigns.dashboard.figures import FIGURES, Figures, total
from campaigns.dashboard.period import Period
from campaigns.dashboard.queries import Moment, Ranking, StoreRow
from campaigns.dashboard.tiles import Tile, spans, tiles


@dataclass(frozen=True)
class AtCounters:
    """What happened at some stores together."""

    since: date | None
    """The first day on which anything happened there."""
    now: Figures
    tiles: list[Tile]
    moments: list[Moment]

    @property
    def is_new(self) -> bool:
        return self.since is None


@dataclass(frozen=True)
class StoresDashboard(AtCounters):
    """And at each of them."""

    stores: Ranking[StoreRow]
    stores_answer: str | None
    all_are_off: bool

    @property
    def stores_most(self) -> int:
        return max([row.figures.redeemed for row in self.stores.rows], default=0)


def at_counters(
    ids: Collection[UUID],
    *,
    brand: Brand,
    period: Period,
    now: datetime,
    store: Store | None = None,
) -> AtCounters:
    """Two queries. `store`: the one that `ids` names, to which its tiles lead. Call it inside the brand's
    scope."""
    now = now.astimezone(brand.tz)
    today = now.date()
    both = Period(period.before.first, period.last)
    since = queries.first_day_at(ids)
    known = queries.by_day_at(ids, period=both)
    days = {day: known[day] for day in period.each_day()}
    watched = since is not None and since <= both.first
    every = addresses(brand, period=period, today=today, store=store)
    sums = total(list(days.values()))
    return AtCounters(
        since=since,
        now=sums,
        tiles=tiles(
            now=sums,
            compared=comparison(period=period, known=known, hours=[], now=now) if watched else None,
            days=spans([figures for day, figures in days.items() if day < today]),
            currency=brand.currency,
            addresses={name: every[name] for name in every if FIGURES[name].is_by_store},
        ),
        moments=queries.moments(period=period, days=days, hours=[]),
    )


def dashboard_of_stores(
    ids: Collection[UUID], *, brand: Brand, period: Period, now: datetime
) -> StoresDashboard:
    """Four queries. Call it inside the brand's scope."""
    rows = queries.by_store(period=period, among=ids)
    return StoresDashboard(
        **vars(at_counters(ids, brand=brand, period=period, now=now)),
        stores=rows,
        stores_answer=sentences.busiest_store(rows),
        all_are_off=not (
            any(row.store.is_active for row in rows.rows)
            or Store.objects.open_for_gifts().filter(pk__in=ids).exists()
        ),
    )
