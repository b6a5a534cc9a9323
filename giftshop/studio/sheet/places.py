"""Where treats stand on a menu, as a sheet says it: by the number of their place."""

from collections.abc import Iterable, Mapping, Sequence
from math import inf
from uuid import UUID

from core.row_diff import Rows
from giftshop.catalog.models import Treat


def in_order(treats: Iterable[Treat]) -> list[Treat]:
    """As the menu has them, those that are off it where they would stand."""
    return sorted(treats, key=lambda treat: (treat.position, treat.name, str(treat.pk)))


def places_of(treats: Iterable[Treat]) -> dict[UUID, int]:
    """By the treat's key."""
    return {treat.pk: place for place, treat in enumerate(in_order(treats), start=1)}


def put_in_place(
    kept: Sequence[Treat], new: Sequence[Treat], said: Mapping[UUID, int], rows: Rows
) -> None:
    """What differs is put into the rows. `said`: the places that were asked for. Who goes up comes before the
    treat that stands there, who goes down behind it; new ones without a place come last, as they are."""
    if not said:
        return
    wanted: list[tuple[float, int, int, Treat]] = []
    for at, treat in enumerate(in_order(kept), start=1):
        place = said.get(treat.pk, at)
        turn = 1 if place == at else 2 if place > at else 0
        wanted.append((place, turn, at, treat))
    for at, treat in enumerate(new, start=1):
        wanted.append((said.get(treat.pk, inf), 0, len(kept) + at, treat))
    wanted.sort(key=lambda each: each[:3])
    for position, (*_key, treat) in enumerate(wanted, start=1):
        rows.change(treat, {"position": position})
