"""A treat as the fields of its form hold it: between a sheet's rows and the form that judges them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

from brands.models import Brand
from core.forms.amount_field import AmountField, written
from core.locales import readers_locale
from giftshop.catalog.models import OptionGroup, Price, Treat
from giftshop.studio.catalog.amounts import SUGGESTED, AmountsForm
from giftshop.studio.catalog.entry import MenuEntry
from giftshop.studio.catalog.forms import EntryForm, OptionGroupForm, SizeForm
from giftshop.studio.sheet import contents, values
from giftshop.studio.sheet.columns import Column, Kind, Part
from giftshop.studio.sheet.store_cells import StoreCells

Fields = dict[str, Any]
AMOUNTS = {
    name
    for form in (EntryForm, SizeForm, OptionGroupForm, AmountsForm)
    for name, each in form.base_fields.items()
    if isinstance(each, AmountField)
}
LISTS = "options"


@dataclass(frozen=True)
class TreatValues:
    """By the names of the form's fields, and beside them the treat's ID and whether it is on the menu.
    Lists of choices stand as in a sheet."""

    treat: Fields = field(default_factory=dict)
    sizes: Sequence[Fields] = ()
    groups: Sequence[Fields] = ()

    @classmethod
    def of(cls, treat: Treat, brand: Brand, stores: StoreCells, place: int) -> "TreatValues":
        """As they are kept. No query where prices and groups with options were fetched."""
        entry = MenuEntry(None, brand=brand, treat=treat)
        groups = zip(treat.option_groups.all(), _rows(entry.groups), strict=True)
        return cls(
            {
                **(entry.treat.initial or {}),
                "slug": treat.slug,
                "is_active": treat.is_active,
                "place": place,
                "stores": stores.cell(treat),
                **contents.cells_of(treat.contents),
            },
            [
                {**shown, **_amounts(price, brand)}
                for price, shown in zip(treat.prices.all(), _rows(entry.sizes), strict=True)
            ],
            [{**shown, **_choices(group, brand)} for group, shown in groups],
        )

    def at(self, column: Column, row: int) -> Any:
        """What a row of the sheet says in that column; values.EMPTY for nothing."""
        if column.part is Part.SIZE:
            return said(self.sizes[row], column) if row < len(self.sizes) else values.EMPTY
        if row and not column.in_each_row:
            return values.EMPTY
        if column.part is Part.TREAT:
            return said(self.treat, column)
        there = column.number <= len(self.groups)
        return said(self.groups[column.number - 1], column) if there else values.EMPTY

    def rows(self, columns: Sequence[Column]) -> list[list[Any]]:
        """One for each size; one for a treat that has none."""
        return [
            [self.at(column, row) for column in columns] for row in range(max(1, len(self.sizes)))
        ]

    def posted(self, brand: Brand) -> "MultiValueDict[str, str]":
        """As the form of a page would send them."""
        data: MultiValueDict[str, str] = MultiValueDict()
        _post(data, "", self.treat, brand)
        for prefix, rows in (("sizes", self.sizes), ("groups", self.groups)):
            data[f"{prefix}-TOTAL_FORMS"], data[f"{prefix}-INITIAL_FORMS"] = [str(len(rows))] * 2
            for at, row in enumerate(rows):
                _post(data, f"{prefix}-{at}-", row, brand)
        return data


def posted_amount(said: TreatValues, brand: Brand) -> "MultiValueDict[str, str]":
    """As the form of a gift of any amount would send it."""
    data: MultiValueDict[str, str] = MultiValueDict()
    _post(data, "", said.treat, brand)
    size = said.sizes[0] if said.sizes else {}
    lines = [line for line in str(size.get("suggested") or "").split("\n") if line]
    suggested = [values.amount(line, brand.currency) or line for line in lines]
    shown = {name: size.get(name) for name in ("amount", "most")}
    _post(data, "", {**shown, **dict(zip(SUGGESTED, suggested, strict=False))}, brand)
    return data


def said(fields: Fields, column: Column) -> Any:
    """As a cell of that column would be read: two of the same mean the same."""
    value = fields.get(column.field)
    if value is None:
        return values.EMPTY
    if not isinstance(value, str):
        return value
    lines = value.replace("\r\n", "\n").replace("\r", "\n").strip().split("\n")
    return (
        "\n".join(line.strip() for line in lines) if column.kind is Kind.LIST else "\n".join(lines)
    )


def _rows(formset: "forms.BaseFormSet[Any]") -> list[Fields]:
    return [dict(row) for row in formset.initial or ()]


def _amounts(price: Price, brand: Brand) -> Fields:
    if not price.is_free:
        return {}
    return {"most": price.most, "suggested": values.amounts(price.suggested, brand.currency)}


def _choices(group: OptionGroup, brand: Brand) -> Fields:
    options = list(group.options.all())
    lines = (values.choice(option.label, option.extra, brand.currency) for option in options)
    told = contents.cells_of_choices([option.contents for option in options])
    return {LISTS: "\n".join(lines), **told}


def _post(
    data: "MultiValueDict[str, str]", prefix: str, fields: Mapping[str, Any], brand: Brand
) -> None:
    for name, value in fields.items():
        if name != "version":
            data.setlist(f"{prefix}{name}", _sent(name, value, brand))


def _sent(name: str, value: Any, brand: Brand) -> list[str]:
    if name == LISTS and isinstance(value, str):
        return [values.in_the_readers_way(value, brand.currency)]
    if isinstance(value, bool):
        return ["on"] if value else []
    if name in AMOUNTS and isinstance(value, int):
        return [written(value, brand.currency, readers_locale())]
    if isinstance(value, date):
        return [value.isoformat()]
    if isinstance(value, (list, tuple, set, frozenset)):
        return [str(getattr(one, "pk", one)) for one in value]
    return ["" if value is None else str(value)]
