"""Which link earned an order.

The rule: the last link that the same browser followed within the 30 days before the order was placed. One
link earns the whole order; earlier ones earn nothing; a visit after the order was placed (the sender comes
back while Stripe's page is open) earns nothing either. Only visits that counted can earn, so a link earns
nothing outside its campaign's days; what it earns is of the campaign that the visit came for, wherever the
link was moved since. Of a browser that is not known again, the link by which the present itself was begun
earns the order, as the draft kept it. What began by the code at a counter came by no link, whatever its
browser followed before: that is a source of its own. It is decided once for each order, and "no link" is a
decision too. Gifts and redemptions inherit what their order was given.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol, TypeVar
from uuid import UUID

from django.db import connection
from django.utils import timezone

from campaigns.models import Attribution
from giftshop.orders.models import CameBy

WINDOW = timedelta(days=30)


class Seen(Protocol):
    """What the rule needs to know of a visit."""

    @property
    def at(self) -> datetime: ...
    @property
    def id(self) -> UUID: ...


V = TypeVar("V", bound=Seen)


def earning_visit(visits: Iterable[V], *, ordered_at: datetime) -> V | None:
    """The visit that earned an order placed at `ordered_at`, of one visitor's visits in any order.
    Two visits at the same instant: the one with the higher id, that is the later made."""
    in_time = [visit for visit in visits if ordered_at - WINDOW <= visit.at <= ordered_at]
    return max(in_time, key=lambda visit: (visit.at, visit.id), default=None)


class Earned(NamedTuple):
    """By whom an order was earned; both or neither."""

    campaign_id: UUID | None
    link_id: UUID | None


class Placed(NamedTuple):
    """What the rule needs to know of an order."""

    id: UUID
    brand_id: UUID
    visitor: bytes
    """SHA-256 of the visitor id, or empty."""
    placed_at: datetime
    begun_by: Earned = Earned(None, None)


ORDER_COLUMNS = (
    *("pk", "brand_id", "visitor", "came_by", "placed_at", "link_campaign_id", "link_id"),
)


def placed(
    pk: UUID,
    brand_id: UUID,
    visitor: bytes,
    came_by: str,
    placed_at: datetime,
    campaign_id: UUID | None,
    link_id: UUID | None,
) -> Placed:
    """Of an order's ORDER_COLUMNS. No link's and nobody's visits may have earned what came by a counter."""
    if came_by == CameBy.COUNTER:
        return Placed(pk, brand_id, b"", placed_at)
    return Placed(pk, brand_id, visitor, placed_at, Earned(campaign_id, link_id))


class Visited(NamedTuple):
    """What is written down of the visit that earned."""

    id: UUID
    at: datetime
    link_id: UUID
    campaign_id: UUID


_LAST_VISITS = """
SELECT placed.id, visit.id, visit.at, visit.link_id, visit.campaign_id
  FROM unnest(%s::uuid[], %s::uuid[], %s::bytea[], %s::timestamptz[])
       AS placed(id, brand_id, visitor, at),
       LATERAL (SELECT id, at, link_id, campaign_id FROM campaigns_visit
                 WHERE brand_id = placed.brand_id AND visitor = placed.visitor AND at <= placed.at
                 ORDER BY at DESC, id DESC LIMIT 1) AS visit
"""


def of_orders(orders: Iterable[Placed], *, now: datetime | None = None) -> dict[UUID, Earned]:
    """Who earned each order, decided now where it was not before. Four statements at most. Call it with
    scopes disabled or inside the scope of the orders' brand.

    Several may decide about the same order at once: one decides, the others wait and take that.
    """
    by_id = {order.id: order for order in orders}
    known = _decided(by_id)
    if undecided := [order for pk, order in sorted(by_id.items()) if pk not in known]:
        visits = _last_visits(undecided)
        now = now or timezone.now()
        Attribution.objects.bulk_create(
            [_decide(order, visits[order.id], now) for order in undecided],
            ignore_conflicts=True,
        )
        known |= _decided([order.id for order in undecided])
    return known


def _decided(order_ids: Collection[UUID]) -> dict[UUID, Earned]:
    rows = Attribution.objects.filter(order_id__in=order_ids)
    return {pk: Earned(*rest) for pk, *rest in rows.values_list("pk", "campaign_id", "link_id")}


def _decide(order: Placed, visits: Iterable[Visited], now: datetime) -> Attribution:
    visit = earning_visit(visits, ordered_at=order.placed_at)
    by = Earned(visit.campaign_id, visit.link_id) if visit else order.begun_by
    return Attribution(
        order_id=order.id,
        brand_id=order.brand_id,
        campaign_id=by.campaign_id,
        link_id=by.link_id,
        visit_id=visit.id if visit else None,
        decided_at=now,
    )


def _last_visits(orders: Sequence[Placed]) -> Mapping[UUID, list[Visited]]:
    """By order, what its visitor followed last before it, if anything. One row each: a browser may have
    followed links a million times."""
    found: dict[UUID, list[Visited]] = defaultdict(list)
    if known := [order for order in orders if order.visitor]:
        columns: list[list[object]] = [
            [order.id for order in known],
            [order.brand_id for order in known],
            [bytes(order.visitor) for order in known],
            [order.placed_at for order in known],
        ]
        with connection.cursor() as cursor:
            cursor.execute(_LAST_VISITS, columns)
            for order_id, *visit in cursor.fetchall():
                found[order_id].append(Visited(*visit))
    return found
