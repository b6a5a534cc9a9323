"""What was most given and best loved in the last thirty days: with its numbers, and silent under five."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID

from giftshop.catalog.models import Treat
from giftshop.reviews.models import Standing

T = TypeVar("T")

FEW = 5
"""Fewer than so many gifts or reviews tell of chance."""
PLACES = 3


@dataclass(frozen=True)
class Rating:
    """Of a treat, of the reviews that are shown."""

    count: int
    stars: int

    @property
    def average(self) -> float | None:
        """1.0 to 5.0; None of fewer than five."""
        return self.stars / self.count if self.count >= FEW else None


@dataclass(frozen=True)
class Given:
    treat: Treat
    count: int


@dataclass(frozen=True)
class Loved:
    treat: Treat
    rating: Rating


@dataclass(frozen=True)
class Standings:
    """What a shop tells of its treats."""

    ratings: dict[UUID, Rating]
    """Of those with a review that is shown."""
    given: list[Given]
    gifts: int
    """All that were given: the ranking's N."""
    loved: list[Loved]
    reviews: int


def read(day: date) -> Standings:
    """Of the treats that are on sale that day of the brand's. Expects its scope; one query."""
    on_sale = Treat.objects.on_sale(day)
    return rank(Standing.objects.filter(treat__in=on_sale).select_related("treat"))


def rank(rows: Iterable[Standing]) -> Standings:
    """Equal ones stand as on the menu."""
    known = sorted(rows, key=lambda row: (row.treat.position, row.treat.name))
    gifts = sum(row.given_lately for row in known)
    given = [Given(row.treat, row.given_lately) for row in known if row.given_lately]
    loved = [
        Loved(row.treat, Rating(row.shown_lately, row.stars_lately))
        for row in known
        if row.shown_lately >= FEW
    ]
    return Standings(
        ratings={row.treat_id: Rating(row.shown, row.stars) for row in known if row.shown},
        given=_first(given, lambda each: each.count) if gifts >= FEW else [],
        gifts=gifts,
        loved=_first(loved, lambda each: each.rating.stars / each.rating.count),
        reviews=sum(row.shown_lately for row in known),
    )


def _first(rows: list[T], by: Callable[[T], float]) -> list[T]:
    """The highest; of equal ones that which came first."""
    return sorted(rows, key=by, reverse=True)[:PLACES]
