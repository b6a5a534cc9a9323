"""A page of figures for somebody of some stores only: what happened at their counters, together and each."""

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
class StoresDashboard:
    since: date | None
    """The first day on which anything happened there."""
    now: Figures
    tiles: list[Tile]
    moments: list[Moment]
    stores: Ranking[StoreRow]
    stores_answer: str | None
    all_are_off: bool

    @property
    def is_new(self) -> bool:
        return self.since is None

    @property
    def stores_most(self) -> int:
        return max([row.figures.redeemed for row in self.stores.rows], default=0)


def dashboard_of_stores(
    ids: Collection[UUID], *, brand: Brand, period: Period, now: datetime
) -> StoresDashboard:
    """Four queries. Sales, visits and links are told of no store, so nothing is said of them. Call it inside
    the brand's scope."""
    now = now.astimezone(brand.tz)
    today = now.date()
    both = Period(period.before.first, period.last)
    since = queries.first_day_at(ids)
    known = queries.by_day_at(ids, period=both)
    days = {day: known[day] for day in period.each_day()}
    rows = queries.by_store(period=period, among=ids)
    watched = since is not None and since <= both.first
    every = addresses(brand, period=period, today=today, campaign=None)
    sums = total(list(days.values()))
    return StoresDashboard(
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
        stores=rows,
        stores_answer=sentences.busiest_store(rows),
        all_are_off=not (
            any(row.store.is_active for row in rows.rows)
            or Store.objects.open_for_gifts().filter(pk__in=ids).exists()
        ),
    )
