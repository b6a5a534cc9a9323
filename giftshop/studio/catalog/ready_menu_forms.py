"""What an owner takes of a ready menu, and what each costs."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brands.models import Brand
from core.bidi import isolated
from core.forms.amount_field import PriceField
from giftshop.catalog.contents import Contents
from giftshop.catalog.translations import further_languages
from giftshop.studio.catalog.amounts import MOST_ABOVE_LEAST
from giftshop.studio.catalog.facts import TreatFacts
from giftshop.studio.catalog.ready_menus import ReadyMenu, ReadyTreat


@dataclass(frozen=True)
class TreatRow:
    """A treat as the page shows it: whether it is taken, and its prices."""

    treat: ReadyTreat
    taken: forms.BoundField
    amounts: list[forms.BoundField]


class ReadyMenuForm(forms.Form):
    def __init__(self, *args: Any, menu: ReadyMenu, brand: Brand, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.menu, self.brand = menu, brand
        for treat in menu.treats:
            self.fields[treat.key] = forms.BooleanField(
                label=str(treat.name), required=False, initial=not treat.is_free
            )
            for number, size in enumerate(treat.sizes):
                field = PriceField(label=_price_of(treat, size), required=False)
                field.currency = brand.currency
                self.fields[_amount_name(treat, number)] = field

    def rows(self) -> Iterator[TreatRow]:
        for treat in self.menu.treats:
            amounts = [self[_amount_name(treat, number)] for number in range(len(treat.sizes))]
            yield TreatRow(treat, self[treat.key], amounts)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        taken = [treat for treat in self.menu.treats if said.get(treat.key)]
        if not taken:
            self.add_error(self.menu.treats[0].key, _("Take at least one."))
        for treat in taken:
            for number in range(len(treat.sizes)):
                self._check_amount(treat, _amount_name(treat, number))
            if treat.is_free:
                self._check_limits(treat)
        return said

    def _check_limits(self, treat: ReadyTreat) -> None:
        least, most = (self.cleaned_data.get(_amount_name(treat, number)) for number in range(2))
        if least is not None and most is not None and most <= least:
            self.add_error(_amount_name(treat, 1), MOST_ABOVE_LEAST)

    def _check_amount(self, treat: ReadyTreat, name: str) -> None:
        amount = self.cleaned_data.get(name)
        if name in self.errors:
            return
        if amount is None:
            self.add_error(
                name, _("%(treat)s: what does it cost?") % {"treat": isolated(str(treat.name))}
            )

    def facts(self) -> list[tuple[TreatFacts, tuple[Contents, ...]]]:
        """Of a valid form: what was taken, in the menu's order, and what is surely in it."""
        said = self.cleaned_data
        return [
            (
                treat.facts(
                    [said[_amount_name(treat, number)] for number in range(len(treat.sizes))],
                    self.brand.language,
                    further_languages(self.brand),
                ),
                treat.contents,
            )
            for treat in self.menu.treats
            if said[treat.key]
        ]


def _amount_name(treat: ReadyTreat, number: int) -> str:
    return f"{treat.key}-{number}"


def _price_of(treat: ReadyTreat, size: Any) -> Any:
    """The size alone where a treat has several, else plainly its price."""
    return size if len(treat.sizes) > 1 else _("Price")
