"""An owner says which stores have a treat: all of them, or some."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import QueryDict

from core.forms.version import VersionedForm, check_version, version_of
from giftshop.accounts.store_sets import EVERYWHERE, StoreSet
from giftshop.catalog.models import Treat
from giftshop.studio.catalog.changes import held, record_change
from giftshop.studio.stores.choice import ALL, SOME, AllOrSomeForm
from giftshop.team.where import Where, kept, told
from redemption.audit.actors import Actor
from redemption.till.staff_rules import StaffRefusal


class TreatStoresForm(AllOrSomeForm, VersionedForm):
    def __init__(self, *args: Any, among: StoreSet = EVERYWHERE, **kwargs: Any) -> None:
        super().__init__(*args, among=among, **kwargs)

    @classmethod
    def over(cls, treat: Treat, sent: QueryDict | None = None) -> "TreatStoresForm":
        """Over what is kept."""
        stores = kept(treat)
        initial = {
            "where": ALL if stores is None else SOME,
            "stores": [store.pk for store in stores or ()],
            "version": version_of(told(stores)),
        }
        return cls(sent, initial=initial)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("where") == SOME and not cleaned.get("stores"):
            self.add_error("stores", StaffRefusal.NO_STORE.label)
        return cleaned


def say_stores(*, treat: Treat, where: Where, by: Actor, now: datetime, seen: str = "") -> bool:
    """Whether anything changed. Gifts that are out stay good; their page says which stores have the treat by
    then. Expects the brand's scope. `seen`: the version that whoever asks was shown; raises SavedSince where
    that is not the one kept."""
    with transaction.atomic():
        fresh = held(treat)
        before, after = told(kept(fresh)), told(where)
        check_version(seen, kept=before, wanted=after)
        if before == after:
            return False
        fresh.all_stores = where is None
        fresh.save(update_fields=["all_stores"])
        fresh.stores.set(where or [])
        record_change(fresh, by, now, {"stores": [before, after]})
    return True
