"""What the till says of the treat of a gift: what is in it, and which choices the store is out of."""

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef

from brands.models import Store
from giftshop.catalog import contents_of_gift
from giftshop.catalog.hours import day_at
from giftshop.catalog.models import Option, SoldOut
from giftshop.orders.models import Gift
from redemption.till.treat_facts import TreatFacts


def of_gift(store: Store, code_id: UUID, now: datetime) -> TreatFacts | None:
    """None for a code that is no gift's. Expects the brand's scope. 2 queries, one more of a treat that only
    some stores have."""
    gift = Gift.objects.filter(code=code_id).select_related("treat").first()
    if gift is None:
        return None
    gone_here = SoldOut.objects.filter(
        store=store, option=OuterRef("pk"), until__gte=day_at(store, now)
    )
    options = list(
        Option.objects.filter(group__treat=gift.treat_id)
        .select_related("group")
        .annotate(is_gone=Exists(gone_here))
    )
    found = contents_of_gift.of_options(gift.treat, options)
    gone = frozenset(f"{each.group.key}:{each.key}" for each in options if each.is_gone)
    is_here, had_at = _stores(gift, store)
    return TreatFacts(
        gone=gone, is_here=is_here, had_at=had_at, contents=found.treat, choices=found.choices
    )


def _stores(gift: Gift, store: Store) -> tuple[bool, tuple[str, ...]]:
    """Whether the store has the treat, and which have it otherwise."""
    if gift.treat.all_stores:
        return True, ()
    own = gift.treat.stores_among(Store.objects.order_by("name"))
    rows = list(own.values_list("pk", "name", "is_active"))
    is_here = any(pk == store.pk for pk, _name, _is_active in rows)
    return is_here, () if is_here else tuple(name for _pk, name, is_active in rows if is_active)
