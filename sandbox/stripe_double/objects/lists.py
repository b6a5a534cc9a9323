"""Lists: filters and cursors, as every Stripe list has them."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from typing import Any

from sandbox.stripe_double.errors import bad_parameter
from sandbox.stripe_double.objects.views import shown_list
from sandbox.stripe_double.state.store import Obj
from sandbox.stripe_double.state.world import World

MOST = 100
DEFAULT = 10
RANGES = {"gt": operator.gt, "gte": operator.ge, "lt": operator.lt, "lte": operator.le}
PAGING = frozenset({"limit", "starting_after", "ending_before", "expand"})


def page(
    world: World,
    url: str,
    kind: str,
    params: dict[str, Any],
    *,
    keep: Callable[[Obj], bool] = lambda obj: True,
    objects: Iterable[Obj] | None = None,
    special: frozenset[str] = frozenset(),
) -> Obj:
    """One page of a kind, newest first. Filters that are neither paging nor ``special`` compare fields."""
    filters = {name: value for name, value in params.items() if name not in PAGING | special}
    found = [
        obj
        for obj in (world.store.newest(kind) if objects is None else objects)
        if keep(obj) and all(fits(obj.get(name), wanted) for name, wanted in filters.items())
    ]
    data, has_more = _window(found, kind, params, _limit(params))
    return shown_list(world, url, data, has_more, params.get("expand", ()))


def fits(value: Any, wanted: Any) -> bool:
    """Whether a field is what a filter wants: equal, or within gt, gte, lt, lte."""
    if isinstance(wanted, dict):
        if isinstance(value, dict):
            return all(fits(value.get(name), inner) for name, inner in wanted.items())
        return all(
            value is not None and RANGES[name](value, int(bound)) for name, bound in wanted.items()
        )
    return str(value) == str(wanted)


def _limit(params: dict[str, Any]) -> int:
    limit = int(params.get("limit", DEFAULT))
    if limit < 1:
        raise bad_parameter(
            "This value must be greater than or equal to 1.", "limit", "parameter_invalid_integer"
        )
    return min(limit, MOST)


def _window(
    found: list[Obj], kind: str, params: dict[str, Any], limit: int
) -> tuple[list[Obj], bool]:
    ids = [obj["id"] for obj in found]
    if "starting_after" in params and "ending_before" in params:
        message = "You can only specify one of these parameters: starting_after, ending_before."
        raise bad_parameter(message, "starting_after")
    if after := params.get("starting_after"):
        start = _place(ids, after, kind, "starting_after") + 1
        return found[start : start + limit], len(found) > start + limit
    if before := params.get("ending_before"):
        end = _place(ids, before, kind, "ending_before")
        return found[max(0, end - limit) : end], end > limit
    return found[:limit], len(found) > limit


def _place(ids: list[str], wanted: str, kind: str, param: str) -> int:
    if wanted not in ids:
        noun = kind.replace("_", " ")
        raise bad_parameter(f"No such {noun}: '{wanted}'", param, "resource_missing")
    return ids.index(wanted)
