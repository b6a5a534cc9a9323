"""What the till says of the treat of a code: what is in it, and which choices the store is out of."""

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef

from brands.models import Store
from giftshop.catalog import contents_of_gift
from giftshop.catalog.hours import day_at
from giftshop.catalog.models import Option, SoldOut, Treat
from giftshop.offers.models import OfferUse
from giftshop.orders.models import Gift
from redemption.till.treat_facts import TreatFacts


def of_code(store: Store, code_id: UUID, now: datetime) -> TreatFacts | None:
    """None for a code of no treat: goodwill, an amount that an offer gave. Expects the brand's scope.
    2 queries, one more of what an offer gave, and one of a treat that only some stores have."""
    treat = _treat_of(code_id)
    if treat is None:
        return None
    gone_here = SoldOut.objects.filter(
        store=store, option=OuterRef("pk"), until__gte=day_at(store, now)
    )
    options = list(
        Option.objects.filter(group__treat=treat)
        .select_related("group")
        .annotate(is_gone=Exists(gone_here))
    )
    found = contents_of_gift.of_options(treat, options)
    gone = frozenset(f"{each.group.key}:{each.key}" for each in options if each.is_gone)
    is_here, had_at = _stores(treat, store)
    return TreatFacts(
        gone=gone, is_here=is_here, had_at=had_at, contents=found.treat, choices=found.choices
    )


def _treat_of(code_id: UUID) -> Treat | None:
    """What somebody bought, else what an offer gave: its code is asked the same at the counter."""
    gift = Gift.objects.filter(code=code_id).select_related("treat").first()
    if gift is not None:
        return gift.treat
    use = OfferUse.objects.filter(code=code_id, treat__isnull=False).select_related("treat").first()
    return use.treat if use else None


def _stores(treat: Treat, store: Store) -> tuple[bool, tuple[str, ...]]:
    """Whether the store has the treat, and which have it otherwise."""
    if treat.all_stores:
        return True, ()
    own = treat.stores_among(Store.objects.order_by("name"))
    rows = list(own.values_list("pk", "name", "is_active"))
    is_here = any(pk == store.pk for pk, _name, _is_active in rows)
    return is_here, () if is_here else tuple(name for _pk, name, is_active in rows if is_active)
