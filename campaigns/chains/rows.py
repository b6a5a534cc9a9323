"""What the numbers of how far gifts travel are made of, row by row: days, sums and ways, and nobody's name or
order. A group that is not told has no rows here."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Least
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from brands.models import Store
from campaigns.chains import figures
from campaigns.chains.figures import LATER, paid_in
from campaigns.few import is_few
from campaigns.models import CounterVisit
from campaigns.moments import Moments
from giftshop.orders.models import CameBy, Gift, Order

GENERATIONS = (
    _("First: nobody had given to them"),
    _("Sent on once"),
    _("Sent on twice"),
    _("Sent on three times or more"),
)
ORDERS, VISITS, CHAINS, GIFTS = "orders", "visits", "chains", "gifts"


@dataclass(frozen=True)
class Rows:
    """`what`: ORDERS (paid_at, generation, gifts, total), VISITS (at), CHAINS (orders, revenue) or GIFTS
    (opened_at, orders that they led to)."""

    label: str | Promise
    what: str
    rows: Sequence[Any] | QuerySet[Any]
    is_hidden: bool = False


def of(kind: str, key: str, moments: Moments) -> Rows | None:
    """None where there is no such number. Expects the brand's scope. Three queries at most, and that of the
    rows."""
    readers = {
        "generation": _generation,
        "way": _way,
        "counter": _counter,
        "counter-visits": _counter_visits,
        "length": _length,
        "sent-on": _sent_on,
    }
    return readers[kind](key, moments) if kind in readers else None


def _generation(key: str, moments: Moments) -> Rows | None:
    if key not in {str(each) for each in range(LATER + 1)}:
        return None
    number = int(key)
    group = next(each for each in figures.by_generation(moments) if each.key == number)
    orders = paid_in(moments).alias(kind=Least(F("generation"), LATER)).filter(kind=number)
    return _orders(GENERATIONS[number], orders, is_hidden=group.is_hidden)


def _way(key: str, moments: Moments) -> Rows | None:
    if key not in CameBy.values:
        return None
    group = next(each for each in figures.by_way(moments) if each.key == key)
    orders = paid_in(moments).filter(came_by=key)
    return _orders(CameBy(key).label, orders, is_hidden=group.is_hidden)


def _counter(key: str, moments: Moments) -> Rows | None:
    row = _at(key, moments)
    if row is None:
        return None
    orders = paid_in(moments).filter(came_by=CameBy.COUNTER, counter_store=row.store)
    return _orders(row.store.name, orders, is_hidden=row.orders_are_hidden)


def _counter_visits(key: str, moments: Moments) -> Rows | None:
    row = _at(key, moments)
    if row is None:
        return None
    visits = CounterVisit.objects.filter(at__range=moments, store=row.store).order_by("-at", "-pk")
    return Rows(row.store.name, VISITS, visits, row.visits_are_hidden)


def _at(slug: str, moments: Moments) -> figures.AtCounter | None:
    found = [row for row in figures.at_counters(moments) if row.store.slug == slug]
    if found:
        return found[0]
    store = Store.objects.filter(slug=slug).first()
    nothing = {"visits_are_hidden": False, "orders_are_hidden": False}
    return figures.AtCounter(store, 0, 0, 0, **nothing) if store else None


def _length(key: str, moments: Moments) -> Rows | None:
    lengths = figures.by_length(moments)
    found = [each for each in lengths if str(each.generations) == key]
    if not found:
        return None
    are_few = is_few(sum(each.chains for each in lengths))
    chains = figures.chains(moments).filter(last=found[0].generations)
    rows = chains.order_by("-revenue", "-orders").values("orders", "revenue")
    return Rows(_("Chains"), CHAINS, rows, are_few or found[0].is_hidden)


def _sent_on(key: str, moments: Moments) -> Rows | None:
    if key != "gifts":
        return None
    led = Order.objects.paid().filter(from_gift_id=OuterRef("pk")).order_by().values("from_gift_id")
    counted = Subquery(led.annotate(count=Count("pk")).values("count"))
    opened = Gift.objects.filter(
        order__in=paid_in(moments).values("pk"), opened_at__isnull=False
    ).annotate(led=Coalesce(counted, 0))
    gifts = opened.filter(led__gt=0).order_by("-opened_at", "-pk")
    return Rows(_("Gifts that led to another"), GIFTS, gifts, is_few(figures.sent_on(moments)[1]))


def _orders(label: str | Promise, orders: QuerySet[Order], *, is_hidden: bool) -> Rows:
    counted = orders.annotate(given=Count("gifts")).order_by("-paid_at", "-pk")
    return Rows(label, ORDERS, counted, is_hidden)
