"""What a store has no more, so that nobody walks there for it: a treat, a size, or something to choose.
It ends with a day of the store's, today's or a later one."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone

from brands.models import Store
from core.forms.version import check_version
from giftshop.catalog.hours import day_at
from giftshop.catalog.models import Option, Price, SoldOut, Treat
from redemption.audit.actors import Actor
from redemption.audit.log import Act, record
from redemption.choices import Choice
from redemption.models import Device

Thing = Treat | Price | Option
Known = tuple[UUID, int | None, int | None]

AHEAD_MAX = timedelta(days=366)
ZONES_APART = timedelta(days=2)
"""What ended earlier than this before today in UTC has ended everywhere."""


def mark_sold_out(
    *,
    store: Store,
    things: Collection[Thing],
    by: Actor,
    until: date | None = None,
    device: Device | None = None,
    now: datetime | None = None,
    seen: str = "",
) -> bool:
    """These are gone there from now on, and nothing else is. Expects the brand's scope.

    What is new ends with the store's day, or with `until`, which also holds for what was gone for today; what
    was gone for longer keeps its last day. True when that changed anything; only then is it written down.
    `seen`: the version of the list that whoever asks was shown; raises SavedSince where that is not the one
    kept.
    """
    now = now or timezone.now()
    day = day_at(store, now)
    with transaction.atomic():
        Store.objects.select_for_update(no_key=True).get(pk=store.pk)  # two managers take turns
        gone = {_known(row.thing): row for row in gone_at(store, now)}
        wanted = {_known(thing): thing for thing in things}
        kept = list_of(day, [row.thing for row in gone.values()])
        check_version(seen, kept=kept, wanted=list_of(day, things))
        new, back = wanted.keys() - gone.keys(), gone.keys() - wanted.keys()
        last = max(until or day, day)
        longer = [
            row.pk for each, row in gone.items() if each in wanted and row.until == day < last
        ]
        if not (new or back or longer):
            return False
        SoldOut.objects.filter(pk__in=longer).update(until=last)
        SoldOut.objects.filter(pk__in=[gone[each].pk for each in back]).delete()
        SoldOut.objects.bulk_create(
            SoldOut(
                brand_id=store.brand_id,
                store=store,
                treat_id=treat,
                price_id=price,
                option_id=option,
                until=last,
                told_at=now,
            )
            for treat, price, option in new
        )
        before = sorted(name_of(row.thing) for row in gone.values())
        after = sorted(name_of(thing) for thing in things)
        record(
            brand=store.brand,
            actor=by,
            act=Act.STORE_CHANGED,
            subject=f"store:{store.pk}",
            now=now,
            device=device,
            details={
                "name": store.name,
                "day": last.isoformat(),
                "changes": {"sold_out": [before, after]},
            },
        )
    return True


def list_of(day: date, things: Iterable[Thing]) -> list[str]:
    """What a version of a store's list is made of."""
    return [day.isoformat(), *sorted(str(_known(thing)) for thing in things)]


def name_of(thing: Thing) -> str:
    """As people read it: Double scoop; Double scoop, Large; Double scoop, Mint. No query where its treat was
    selected."""
    if isinstance(thing, Treat):
        return thing.name
    if isinstance(thing, Price):
        return f"{thing.treat.name}, {thing.name}"
    return f"{thing.group.treat.name}, {thing.label}"


def gone_at(store: Store, now: datetime) -> list[SoldOut]:
    """What is sold out there now, in menu order, with treats, sizes and choices. One query."""
    rows = SoldOut.objects.filter(store=store, until__gte=day_at(store, now))
    return list(
        rows.select_related("treat", "price__treat", "option__group__treat").order_by(
            "treat__position", "treat__name", "price__position", "option__position"
        )
    )


@dataclass
class Missing:
    """What a store lacks of a gift."""

    until: date | None = None
    """The treat itself, in the gift's size, or more of a choice than it can do without: until then. None: it
    is there."""
    choices: list[tuple[str, str]] = field(default_factory=list)
    """(group's key, option's key) of what could be chosen elsewhere."""
    labels: list[str] = field(default_factory=list)
    """The same as people read it."""


def missing_of(
    *,
    treat_id: UUID,
    price_id: int | None,
    stores: Iterable[Store],
    now: datetime,
    choices: Sequence[Choice] = (),
) -> dict[UUID, Missing]:
    """Those of the stores that lack the treat in that size, or something to choose with it. One query.
    `choices`: what has to be chosen of how many; where too few are left, the treat is gone as well."""
    days = {store.pk: day_at(store, now) for store in stores}
    if not days:
        return {}
    size = models.Q(price=None) | models.Q(price=price_id)
    rows = SoldOut.objects.filter(
        size, treat_id=treat_id, store__in=list(days), until__gte=now.date() - ZONES_APART
    )
    found: dict[UUID, Missing] = {}
    days_of: dict[tuple[UUID, str], list[date]] = {}
    for row in rows.select_related("option__group").order_by("option__position"):
        if row.until < days[row.store_id]:
            continue
        missing = found.setdefault(row.store_id, Missing())
        if row.option:
            missing.choices.append((row.option.group.key, row.option.key))
            missing.labels.append(row.option.label)
            days_of.setdefault((row.store_id, row.option.group.key), []).append(row.until)
        else:
            missing.until = max(row.until, missing.until or row.until)
    for choice in choices:
        spare = len(choice["options"]) - choice["min"]
        for store_id, missing in found.items():
            gone = sorted(days_of.get((store_id, choice["key"]), ()), reverse=True)
            if len(gone) > spare >= 0:
                missing.until = max(gone[spare], missing.until or gone[spare])
    return found


@dataclass(frozen=True)
class Nowhere:
    """What no store has any more: treats (each of their sizes is gone), and sizes."""

    treats: frozenset[UUID] = frozenset()
    sizes: frozenset[int] = frozenset()


def nowhere(treats: Iterable[Treat], store_count: int, now: datetime) -> Nowhere:
    """Of these treats, with prices and choices, what each of the brand's open stores is out of on its own
    today. Too few choices left are no treat left. `store_count`: how many these are. One query, none without
    stores.

    Stores are read only of a treat that all of them have told of lately: of hardly any, ever.
    """
    if not store_count:
        return Nowhere()
    known = {treat.pk: treat for treat in treats}
    few = {pk: _open_store_count(treat) for pk, treat in known.items() if not treat.all_stores}
    sizes = {pk: {price.pk for price in treat.prices.all()} for pk, treat in known.items()}
    lately = SoldOut.objects.missed().filter(
        store__is_active=True, until__gte=now.date() - ZONES_APART
    )
    theirs = Treat.stores.through.objects.filter(
        treat_id=models.OuterRef("treat_id"), store_id=models.OuterRef("store_id")
    )
    lately = lately.filter(models.Q(treat__all_stores=True) | models.Exists(theirs))
    needed = models.Case(
        *(models.When(treat_id=pk, then=count) for pk, count in few.items()), default=store_count
    )
    told_by_all = (
        lately.values("treat_id")
        .annotate(told_by=models.Count("store_id", distinct=True), needed=needed)
        .filter(told_by__gte=models.F("needed"))
    )
    rows = lately.filter(treat_id__in=told_by_all.values("treat_id")).select_related("store")
    today = [row for row in rows if row.until >= day_at(row.store, now) and row.treat_id in known]
    gone = {
        (row.store_id, size)
        for row in today
        if not row.option_id
        for size in ([row.price_id] if row.price_id else sizes[row.treat_id])
    }
    options_gone: dict[tuple[UUID, UUID], set[int]] = {}
    for row in today:
        if row.option_id:
            options_gone.setdefault((row.store_id, row.treat_id), set()).add(row.option_id)
    for (store_id, treat_id), options in options_gone.items():
        if _has_too_few_left(known[treat_id], options):
            gone |= {(store_id, size) for size in sizes[treat_id]}
    count = Counter(size for _store, size in gone)
    stores_of = {
        size: few.get(treat, store_count)
        for treat, all_of_it in sizes.items()
        for size in all_of_it
    }
    without = frozenset(size for size, out in count.items() if out >= stores_of.get(size, out + 1))
    return Nowhere(
        frozenset(
            treat for treat, all_of_it in sizes.items() if all_of_it and all_of_it <= without
        ),
        without,
    )


def _open_store_count(treat: Treat) -> int:
    """Of one that only some stores have, as `with_open_stores()` counted them."""
    return int(vars(treat)["open_store_count"])


def _has_too_few_left(treat: Treat, gone: set[int]) -> bool:
    """Whether without these options something that has to be chosen can't be."""
    return any(
        len({option.pk for option in group.options.all()} - gone) < group.min_picks
        for group in treat.option_groups.all()
    )


def _known(thing: Thing) -> Known:
    if isinstance(thing, Treat):
        return (thing.pk, None, None)
    if isinstance(thing, Price):
        return (thing.treat_id, thing.pk, None)
    return (thing.group.treat_id, None, thing.pk)
