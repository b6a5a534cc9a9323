"""What a store has no more of today, so that nobody walks there for it. It ends with the store's day."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brands.models import Store
from core.forms.version import check_version, version_of
from giftshop.catalog.forms import SoldOutForm
from giftshop.catalog.hours import day_at
from giftshop.catalog.models import SoldOut, Treat
from redemption.audit.actors import Actor
from redemption.audit.log import Act, record
from redemption.models import Device


def mark_sold_out(
    *,
    store: Store,
    treats: Collection[Treat],
    by: Actor,
    device: Device | None = None,
    now: datetime | None = None,
    seen: str = "",
) -> bool:
    """From now until the store's day ends these are gone there, and all others are not. Expects the
    brand's scope. True when that changed anything; only then is it written down. `seen`: the version of
    the list that whoever asks was shown; raises SavedSince where that is not the one kept."""
    now = now or timezone.now()
    day = day_at(store, now)
    with transaction.atomic():
        Store.objects.select_for_update(no_key=True).get(pk=store.pk)  # two managers take turns
        gone = {row.treat: row for row in _rows(store, now).select_related("treat")}
        check_version(seen, kept=_version(day, gone), wanted=_version(day, treats))
        new, back = set(treats) - set(gone), set(gone) - set(treats)
        if not new and not back:
            return False
        SoldOut.objects.filter(pk__in=[gone[treat].pk for treat in back]).delete()
        SoldOut.objects.bulk_create(
            SoldOut(brand_id=store.brand_id, store=store, treat=treat, day=day, told_at=now)
            for treat in new
        )
        record(
            brand=store.brand,
            actor=by,
            act=Act.STORE_CHANGED,
            subject=f"store:{store.pk}",
            now=now,
            device=device,
            details={
                "name": store.name,
                "day": day.isoformat(),
                "changes": {"sold_out": [_names(gone), _names(treats)]},
            },
        )
    return True


def _version(day: date, treats: Iterable[Treat]) -> list[str]:
    """What a version of the list is made of."""
    return [day.isoformat(), *sorted(str(treat.pk) for treat in treats)]


def gone_at(store: Store, now: datetime) -> list[Treat]:
    """What is sold out there today, in menu order. One query."""
    rows = _rows(store, now).select_related("treat").order_by("treat__position", "treat__name")
    return [row.treat for row in rows]


def stores_without(treat_id: UUID, stores: Iterable[Store], now: datetime) -> dict[UUID, date]:
    """Those of the stores at which the treat is sold out, each with its own today. One query."""
    days = {store.pk: day_at(store, now) for store in stores}
    if not days:
        return {}
    rows = SoldOut.objects.filter(
        treat_id=treat_id, store__in=list(days), day__gte=now.date() - timedelta(days=2)
    ).values_list("store_id", "day")
    return {store_id: day for store_id, day in rows if days[store_id] == day}


def gone_everywhere(stores: Iterable[Store], now: datetime) -> frozenset[UUID]:
    """The treats that each of the stores is out of, on its own today. One query, none without stores."""
    days = {store.pk: day_at(store, now) for store in stores}
    if not days:
        return frozenset()
    rows = SoldOut.objects.filter(
        store__in=list(days), day__gte=now.date() - timedelta(days=2)
    ).values_list("treat_id", "store_id", "day")
    gone_at = Counter(treat_id for treat_id, store_id, day in rows if days[store_id] == day)
    return frozenset(treat_id for treat_id, count in gone_at.items() if count == len(days))


def _rows(store: Store, now: datetime) -> models.QuerySet[SoldOut]:
    return SoldOut.objects.filter(store=store, day=day_at(store, now))


def _names(treats: Iterable[Treat]) -> list[str]:
    return sorted(treat.name for treat in treats)


def sold_out_form(store: Store, sent: QueryDict | None = None) -> SoldOutForm:
    """Over what is gone there today. One query."""
    now = timezone.now()
    gone = gone_at(store, now)
    version = version_of(_version(day_at(store, now), gone))
    initial = {"treats": [treat.pk for treat in gone], "version": version}
    return SoldOutForm(sent, initial=initial)


def sold_out_context(store: Store, form: SoldOutForm) -> dict[str, Any]:
    """What the ticking of treats shows: what was ticked and not saved, else what is gone. One query."""
    now = timezone.now()
    treats = list(Treat.objects.in_menu_order())
    ticked = {str(key) for key in form["treats"].value() or ()}
    gone = [treat for treat in treats if str(treat.pk) in ticked]
    return {
        "form": form,
        "day": day_at(store, now),
        "treats": treats,
        "gone": {treat.pk for treat in gone},
    }


def said_of(treats: list[Treat]) -> str:
    """What was done, in a line."""
    if not treats:
        return _("Everything is there again.")
    words = ngettext(
        "%(count)d treat is sold out today. Friends see it on their gift.",
        "%(count)d treats are sold out today. Friends see it on their gift.",
        len(treats),
    )
    return words % {"count": len(treats)}
