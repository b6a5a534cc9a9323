"""An owner adds a store or changes one: its address, its hours, who runs it, whether it is on.

Who runs a store decides which account its redemptions are credited to, from the next one on. What was
redeemed before keeps the account that its posting names.
"""

from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from brands import slugs
from brands.models import Brand, Store
from core.forms.version import check_version
from core.row_diff import Changes, change
from redemption.audit.actors import Actor
from redemption.audit.log import Act, record

RESERVED = {"new"}
"""Words that stand in the studio's addresses where a store's would."""


@dataclass(frozen=True, kw_only=True)
class StoreFacts:
    """What an owner says of a store. Texts as in the model, `hours` Monday to Sunday or empty."""

    name: str
    street: str
    city: str
    region: str = ""
    postal_code: str = ""
    country: str
    phone: str = ""
    latitude: float | None = None
    longitude: float | None = None
    time_zone: str
    hours: tuple[str, ...] = ()
    operator: str = ""
    is_active: bool = True

    @classmethod
    def of(cls, store: Store) -> "StoreFacts":
        """As they are kept."""
        kept = {each.name: getattr(store, each.name) for each in fields(cls)}
        return cls(**{**kept, "hours": tuple(store.hours)})

    def values(self) -> dict[str, Any]:
        """By field of the model."""
        return {**asdict(self), "hours": list(self.hours)}


def add_store(*, brand: Brand, facts: StoreFacts, by: Actor, now: datetime | None = None) -> Store:
    """A new store, with an address of its own made from its name, or the one of which all this is said
    already: it was sent twice. Expects the brand's scope."""
    with transaction.atomic():
        # One at a time within the brand, so that two of one name get two addresses.
        Brand.objects.select_for_update(no_key=True).get(pk=brand.pk)
        if twin := Store.objects.filter(**facts.values()).first():
            return twin
        store = Store.objects.create(brand=brand, slug=_free_slug(facts.name), **facts.values())
        record(
            brand=brand,
            actor=by,
            act=Act.STORE_ADDED,
            subject=f"store:{store.pk}",
            now=now or timezone.now(),
            details={"name": store.name, "changes": _first(facts.values())},
        )
    return store


def change_store(
    *, store: Store, facts: StoreFacts, by: Actor, now: datetime | None = None, seen: str = ""
) -> list[str]:
    """Answers the names of the fields that changed; none when all was so already, and then nothing is
    written. The address of its pages stays. Expects the brand's scope. `seen`: the version of the facts
    that whoever asks was shown; raises SavedSince where that is not the one kept."""
    with transaction.atomic():
        kept = Store.objects.select_for_update(no_key=True).select_related("brand").get(pk=store.pk)
        check_version(seen, kept=StoreFacts.of(kept).values(), wanted=facts.values())
        changes = change(kept, facts.values())
        if changes:
            record(
                brand=kept.brand,
                actor=by,
                act=Act.STORE_CHANGED,
                subject=f"store:{kept.pk}",
                now=now or timezone.now(),
                details={"name": kept.name, "changes": changes},
            )
    return list(changes)


def _first(facts: dict[str, Any]) -> Changes:
    """{"city": [None, "Seattle"]}: of a store that begins, what was told."""
    return {name: [None, value] for name, value in facts.items() if value not in (None, "", [])}


def _free_slug(name: str) -> str:
    """pike-street, pike-street-2, ... within the brand; `store` for a name without Latin letters."""
    stem = slugs.stem(name, otherwise="store")
    taken = Store.objects.filter(slug__startswith=stem).values_list("slug", flat=True)
    return slugs.free(stem, {*taken, *RESERVED})
