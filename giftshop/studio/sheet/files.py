"""A menu as a file: CSV for every program, XLSX for Excel, and an empty one with an example to begin with."""

import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from brands.models import Brand
from core import csv_export, money
from giftshop.catalog.contents import Contents
from giftshop.catalog.models import Treat
from giftshop.studio.catalog.facts import GroupFacts
from giftshop.studio.catalog.ready_menus import READY_MENUS
from giftshop.studio.sheet import contents, store_cells, values
from giftshop.studio.sheet.columns import NAME, Column, Kind, columns_of
from giftshop.studio.sheet.places import places_of
from giftshop.studio.sheet.store_cells import StoreCells
from giftshop.studio.sheet.treat_values import TreatValues

CSV, XLSX = "csv", "xlsx"
TYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
TEXT_FORMAT, DAY_FORMAT = "@", "yyyy-mm-dd"
Rows = Iterable[Sequence[Any]]


def menu(brand: Brand, kind: str) -> bytes:
    """All treats, archived ones last. 6 queries. Expects the brand's scope."""
    found = Treat.objects.select_related("brand").prefetch_related(
        "prices", "option_groups__options"
    )
    treats = list(found.order_by("-is_active", "position", "name"))
    most = max((len(treat.option_groups.all()) for treat in treats), default=0)
    columns = columns_of(brand, groups=max(1, most))
    stores = StoreCells(brand)
    places = places_of(treats)
    said = (TreatValues.of(treat, brand, stores, places[treat.pk]) for treat in treats)
    rows = (row for each in said for row in each.rows(columns))
    return _file(brand, columns, rows, kind)


def example(brand: Brand, kind: str) -> bytes:
    """One treat of our ready menus, in two sizes and the reader's language."""
    ready, least = READY_MENUS[0].treats[1], money.least_charge(brand.currency)
    amounts = [least * (9 + 3 * at) for at in range(len(ready.sizes))]
    facts = ready.facts(amounts, get_language() or "en")
    said = TreatValues(
        {
            "name": facts.name,
            "description": facts.description,
            "category": str(READY_MENUS[0].name),
            "is_active": True,
            "stores": store_cells.ALL,
            **contents.cells_of(ready.contents[0] if ready.contents else Contents()),
        },
        [{"name": size.name, "amount": size.amount} for size in facts.sizes],
        [_group(group, least, brand.currency) for group in facts.groups],
    )
    columns = columns_of(brand, groups=1)
    return _file(brand, columns, said.rows(columns), kind)


def _group(group: GroupFacts, extra: int, currency: str) -> dict[str, Any]:
    """Its last choice costs extra, to show how that is written."""
    labels = [label for label, _extra in group.options]
    lines = [*labels[:-1], values.choice(labels[-1], extra, currency)]
    return {
        "name": group.name,
        "min_picks": group.min_picks,
        "max_picks": group.max_picks,
        "options": "\n".join(lines),
    }


def _file(brand: Brand, columns: Sequence[Column], rows: Rows, kind: str) -> bytes:
    make = _csv if kind == CSV else _xlsx
    return make(brand, columns, rows)


def _csv(brand: Brand, columns: Sequence[Column], rows: Rows) -> bytes:
    cells = (
        [_text(value, column, brand) for value, column in zip(row, columns, strict=True)]
        for row in rows
    )
    return csv_export.text([column.heading for column in columns], cells).encode()


def _text(value: Any, column: Column, brand: Brand) -> csv_export.Cell:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if column.kind is Kind.AMOUNT and isinstance(value, int):
        return values.written(value, brand.currency)
    if column.kind is Kind.STORES:
        return store_cells.in_words(value)
    if column.kind in contents.KINDS:
        return contents.in_words(value, column)
    return value.isoformat() if isinstance(value, date) else value


def _xlsx(brand: Brand, columns: Sequence[Column], rows: Rows) -> bytes:
    # Loaded by who asks for it: a tenth of what every process of the product would take to start.
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    book.properties.creator = ILLEGAL_CHARACTERS_RE.sub("", brand.name)
    sheet = book.create_sheet(_("Menu"))
    sheet.freeze_panes = f"{get_column_letter(columns.index(NAME) + 2)}2"
    for at, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(at)].width = column.width
    top, bold = Alignment(vertical="top", wrap_text=True), Font(bold=True)
    digits = money.shown_decimals(0, brand.currency)
    amounts = f"0.{'0' * digits}" if digits else "0"

    def cell(value: Any, column: Column) -> Any:
        made = WriteOnlyCell(sheet)
        made.alignment = top
        if isinstance(value, int) and not isinstance(value, bool):
            is_amount = column.kind is Kind.AMOUNT
            made.value = money.number(value, brand.currency) if is_amount else value
            made.number_format = amounts if is_amount else "0"
        elif isinstance(value, date):
            made.value, made.number_format = value, DAY_FORMAT
        elif value != values.EMPTY:
            text = csv_export.harmless(str(_text(value, column, brand)))
            made.value = ILLEGAL_CHARACTERS_RE.sub("", text)
            made.data_type, made.number_format = "s", TEXT_FORMAT
        return made

    header = [WriteOnlyCell(sheet, column.heading) for column in columns]
    for each in header:
        each.font, each.alignment = bold, top
    sheet.append(header)
    for row in rows:
        sheet.append([cell(value, column) for value, column in zip(row, columns, strict=True)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
