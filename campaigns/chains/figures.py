"""How far gifts travel: what was given by people who had got one, by generation, by way and by chain.

An order keeps which gift it came from (giftshop/orders/origins.py). Counted are paid orders; revenue is what
their senders paid, also where money went back since: unlike the dashboard's, it is of orders and not of days.
Nothing here names or finds a person.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Max, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, Least

from brands.models import Store
from campaigns.few import FEW, hidden
from campaigns.models import CounterVisit
from campaigns.moments import Moments
from giftshop.orders.models import CameBy, Gift, Order

LATER = 3
"""From this generation on they are one group."""
DRAWN_MAX = 6
ORDERS_DRAWN_MAX = 60


@dataclass(frozen=True)
class Group:
    """Orders of one kind; of few only that they are few."""

    key: Any
    orders: int
    gifts: int = 0
    revenue: int = 0
    is_hidden: bool = False


@dataclass(frozen=True)
class AtCounter:
    """What came by the code that the tills of a store show."""

    store: Store
    visits: int
    orders: int
    revenue: int
    visits_are_hidden: bool
    orders_are_hidden: bool
    """Of few, or that the few are not found by: all of them together stand among the ways."""


@dataclass(frozen=True)
class Length:
    """Chains that reached a generation and no later one."""

    generations: int
    chains: int
    revenue: int
    is_hidden: bool


@dataclass(frozen=True)
class Chain:
    """One chain, its first order among them."""

    id: UUID
    generations: int
    orders: int
    revenue: int


def paid_in(moments: Moments) -> QuerySet[Order]:
    return Order.objects.paid().filter(paid_at__range=moments)


def by_generation(moments: Moments) -> list[Group]:
    """Generation 0 (came from no gift), 1, 2, and from the third on. Two queries."""
    generation = Least(F("generation"), LATER)
    orders = paid_in(moments).annotate(kind=generation).values("kind")
    sums = orders.annotate(orders=Count("pk"), revenue=Sum("total"))
    gifts = Gift.objects.filter(order__in=paid_in(moments).values("pk"))
    counted = gifts.annotate(of=Least(F("order__generation"), LATER)).values("of")
    return _groups(range(LATER + 1), list(sums), list(counted.annotate(gifts=Count("pk"))))


def by_way(moments: Moments) -> list[Group]:
    """By how they came from a gift, or to a counter. Two queries."""
    ways = paid_in(moments).exclude(came_by="")
    sums = ways.annotate(kind=F("came_by")).values("kind")
    sums = sums.annotate(orders=Count("pk"), revenue=Sum("total"))
    gifts = Gift.objects.filter(order__in=ways.values("pk")).annotate(of=F("order__came_by"))
    return _groups(CameBy, list(sums), list(gifts.values("of").annotate(gifts=Count("pk"))))


def _groups(
    keys: Iterable[Any], sums: Iterable[Mapping[str, Any]], gifts: Iterable[Mapping[str, Any]]
) -> list[Group]:
    keys = list(keys)
    found = {row["kind"]: row for row in sums}
    given = {row["of"]: row["gifts"] for row in gifts}
    orders = {key: found[key]["orders"] if key in found else 0 for key in keys}
    few = hidden(orders)
    return [
        Group(
            key=key,
            orders=orders[key],
            gifts=given.get(key, 0),
            revenue=found[key]["revenue"] if key in found else 0,
            is_hidden=key in few,
        )
        for key in keys
    ]


def sent_on(moments: Moments) -> tuple[int, int]:
    """Of the gifts sold then and opened since, how many; and how many of them led to another paid present.
    Two queries."""
    opened = Gift.objects.filter(order__in=paid_in(moments).values("pk"), opened_at__isnull=False)
    led = Order.objects.paid().filter(from_gift_id__isnull=False).values("from_gift_id")
    return opened.count(), opened.filter(pk__in=led).count()


def at_counters(moments: Moments) -> list[AtCounter]:
    """By store, those that were shown and followed, the most orders first. Three queries."""
    seen = CounterVisit.objects.filter(at__range=moments).values("store").annotate(n=Count("pk"))
    visits = {row["store"]: row["n"] for row in seen}
    sold = paid_in(moments).filter(came_by=CameBy.COUNTER).values("counter_store")
    orders = {row["counter_store"]: row for row in sold.annotate(n=Count("pk"), sum=Sum("total"))}
    few_visits, few_orders = hidden(visits), hidden({pk: row["n"] for pk, row in orders.items()})
    rows = [
        AtCounter(
            store,
            visits.get(store.pk, 0),
            orders[store.pk]["n"] if store.pk in orders else 0,
            orders[store.pk]["sum"] if store.pk in orders else 0,
            visits_are_hidden=store.pk in few_visits,
            orders_are_hidden=store.pk in few_orders,
        )
        for store in Store.objects.filter(pk__in=visits.keys() | orders.keys()).order_by("name")
    ]
    return sorted(rows, key=lambda row: (-row.orders, -row.visits))


def chains(moments: Moments) -> Any:
    """Whole chains of which anything was sent on in these days, their first orders among them: rows of chain,
    last (its last generation), orders and revenue."""
    moved = paid_in(moments).filter(chain_id__isnull=False).values("chain_id")
    whole = Order.objects.paid().filter(Q(chain_id__in=moved) | Q(pk__in=moved))
    of_chain = whole.annotate(chain=Coalesce("chain_id", "pk")).values("chain")
    return of_chain.annotate(last=Max("generation"), orders=Count("pk"), revenue=Sum("total"))


def by_length(moments: Moments) -> list[Length]:
    """How many chains reached which generation, the shortest first. One query."""
    counted: dict[int, list[int]] = {}
    for row in chains(moments).order_by().values_list("last", "revenue"):
        counted.setdefault(row[0], []).append(row[1])
    few = hidden({last: len(revenues) for last, revenues in counted.items()})
    return [
        Length(last, len(revenues), sum(revenues), last in few)
        for last, revenues in sorted(counted.items())
    ]


def longest(moments: Moments) -> list[Chain]:
    """The longest, then those of most orders; a chain of few is not drawn, since its dots can be counted.
    One query."""
    rows = chains(moments).filter(orders__gte=FEW).order_by("-last", "-orders", "chain")
    return [
        Chain(row["chain"], row["last"], row["orders"], row["revenue"]) for row in rows[:DRAWN_MAX]
    ]


def steps(chains: Iterable[Chain]) -> dict[UUID, dict[UUID, UUID | None]]:
    """By chain, each of its first orders with the order whose gift led to it. Two queries."""
    ids = [chain.id for chain in chains]
    found: dict[UUID, dict[UUID, UUID | None]] = {pk: {pk: None} for pk in ids}
    rows = Order.objects.paid().filter(chain_id__in=ids).order_by("generation", "pk")
    kept = list(rows.values_list("pk", "chain_id", "from_gift_id"))
    gifts = Gift.objects.filter(pk__in={gift for *_, gift in kept if gift})
    before = dict(gifts.values_list("pk", "order_id"))
    for pk, chain_id, gift in kept:
        if chain_id is None or gift is None:  # the database has both of every order of a chain
            continue
        chain, earlier = found[chain_id], before.get(gift)
        if earlier in chain and len(chain) < ORDERS_DRAWN_MAX:
            chain[pk] = earlier
    return found
