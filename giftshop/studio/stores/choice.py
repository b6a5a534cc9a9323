"""Forms in which stores are chosen: among all of a few, or among those of many that were looked for.

It needs no script. "Find" sends the form, which comes back as it was typed, with what was found beside
what is chosen already.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self, cast
from uuid import UUID

from django import forms
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from brands.models import Store, StoreQuerySet
from core.scoped_choices import scoped_choices
from giftshop.accounts.store_sets import StoreSet
from giftshop.team.where import Where

ALL, SOME = "all", "some"
OFFERED_MAX = 12
"""Stores that are offered at once: all of a brand that has no more, else the first that were found."""
FIND = "find_stores"
WORDS = "stores_named"
WORDS_LENGTH_MAX = 80


@dataclass(frozen=True)
class StoreSearch:
    """How the form's stores are offered."""

    is_needed: bool
    """The brand has more than can be offered at once."""
    words: str = ""
    """By which some were found just now."""
    found: list[UUID] = field(default_factory=list)


class StoreChoiceForm(forms.Form):
    """A form whose field of this name takes one store or several. Expects the brand's scope; 1 query."""

    stores_field: ClassVar[str] = "stores"
    takes_stores_that_are_off: ClassVar[bool] = False
    store_search: StoreSearch
    has_stores: bool
    """Whether there is any to choose."""

    def __init__(self, *args: Any, among: StoreSet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stores = among.stores().order_by("name", "pk")
        if not self.takes_stores_that_are_off:
            stores = stores.open_for_gifts()
        scoped_choices(self, self.stores_field, stores)
        shown = cast("forms.ModelChoiceField[Store]", self.fields[self.stores_field])
        words = str(self.initial.get(WORDS, ""))[:WORDS_LENGTH_MAX].strip()
        chosen = ids_in(self._chosen())
        rows = list(_offered(stores, words, chosen))
        self.has_stores = bool(rows)
        if len(rows) <= OFFERED_MAX:
            shown.widget.choices = [(store.pk, store.name) for store, _found in rows]
            self.store_search = StoreSearch(is_needed=False)
            return
        new = [store for store, found in rows if found and store.pk not in chosen]
        offered = [store for store, _found in rows if store.pk in chosen] + new
        if isinstance(shown.widget, forms.Select):
            shown.widget = forms.RadioSelect()
            shown.widget.is_required = shown.required
        shown.widget.choices = [(store.pk, f"{store.name}, {store.city}") for store in offered]
        found_ids = [store.pk for store in new]
        self.store_search = StoreSearch(is_needed=True, words=words, found=found_ids)

    @classmethod
    def with_found(cls, data: QueryDict, *, among: StoreSet) -> Self:
        """As it was typed, with what its search finds; nothing is judged yet."""
        typed: dict[str, Any] = {name: data.get(name) for name in data}
        typed[cls.stores_field] = data.getlist(cls.stores_field)
        return cls(initial=typed, among=among)

    def _chosen(self) -> Iterable[Any]:
        name = self.stores_field
        if isinstance(self.data, QueryDict) and self.is_bound:
            return self.data.getlist(self.add_prefix(name))
        told = self.data.get(name) if self.is_bound else self.initial.get(name)
        return told if isinstance(told, list | tuple) else [told]


class AllOrSomeForm(StoreChoiceForm):
    """All of a brand's stores, or some that are chosen."""

    where = forms.ChoiceField(
        label=_("Where"),
        choices=[(ALL, _("All stores, also new ones")), (SOME, _("Only these stores"))],
        initial=ALL,
        widget=forms.RadioSelect,
    )
    stores: "forms.ModelMultipleChoiceField[Store]" = forms.ModelMultipleChoiceField(
        label=_("Stores"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    takes_stores_that_are_off = True

    def place(self) -> Where:
        """Of a valid form: the stores, None for the whole brand."""
        is_some = self.cleaned_data["where"] == SOME
        return list(self.cleaned_data["stores"]) if is_some else None


def _offered(stores: StoreQuerySet, words: str, chosen: set[UUID]) -> Iterable[tuple[Store, bool]]:
    """The chosen stores, the found ones, and as many others as tell whether there are too many for all to
    be offered. Each with whether it was found. One query."""
    first = Q(pk__in=stores[: OFFERED_MAX + 1].values("pk"))
    if not words:
        return ((store, False) for store in stores.filter(first | Q(pk__in=chosen)))
    found = Q(pk__in=stores.matching(words)[:OFFERED_MAX].values("pk"))
    rows = stores.filter(first | found | Q(pk__in=chosen)).annotate(
        was_found=ExpressionWrapper(found, output_field=BooleanField())
    )
    return ((store, cast(Any, store).was_found) for store in rows)


def looks_for_stores(request: HttpRequest) -> bool:
    """Whether "Find" was asked for, and something to find."""
    return FIND in request.POST and bool(request.POST.get(WORDS, "").strip())


def ids_in(values: Iterable[Any]) -> set[UUID]:
    """Those that are ids at all."""
    found = set()
    for value in values:
        try:
            found.add(UUID(str(value)))
        except ValueError:
            continue
    return found
