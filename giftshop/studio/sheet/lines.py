"""The rows of an uploaded sheet, read by their columns, and put together by treat."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from brands.models import Brand
from core.bidi import in_one_line
from giftshop.studio.sheet import values
from giftshop.studio.sheet.columns import (
    ID,
    NAME,
    Column,
    Part,
    by_heading,
    columns_of,
    plain,
)
from giftshop.studio.sheet.unclear import Unclear

NEEDED = {(Part.TREAT, "name"), (Part.SIZE, "name"), (Part.SIZE, "amount")}
SHOWN_MAX = 60
NAMED_MAX = 12
FAULTS_MAX = 20
"""Of one row: a cell may name a store ten thousand times."""


@dataclass
class Line:
    """One row of a sheet."""

    number: int
    """As the spreadsheet counts it; the header is the first."""
    said: dict[Column, Any] = field(default_factory=dict)
    faults: list[tuple[str, str]] = field(default_factory=list)
    """Heading of the column, or nothing, and what is wrong there in words."""

    def says(self, column: Column) -> Any:
        return self.said.get(column, values.EMPTY)

    def refuse(self, column: "Column | None", words: str) -> None:
        """Once for each of them, and no more than somebody reads."""
        fault = (column.heading if column else "", words)
        if len(self.faults) < FAULTS_MAX and fault not in self.faults:
            self.faults.append(fault)

    @property
    def has_size(self) -> bool:
        """Anything of a size stands in it."""
        return any(
            value != values.EMPTY for column, value in self.said.items() if column.part is Part.SIZE
        ) or any(column.part is Part.SIZE for column in self.unread)

    unread: set[Column] = field(default_factory=set)
    """Columns whose cell could not be read."""


@dataclass(frozen=True)
class Header:
    columns: tuple[Column | None, ...]
    """By their place; None for one that is not known."""
    unknown: tuple[str, ...]
    left_out: tuple[str, ...]
    """Headings of columns that the sheet could have, and has not: what they would say stays."""

    @property
    def present(self) -> list[Column]:
        return [column for column in self.columns if column]


def header_of(cells: Sequence[Any], brand: Brand) -> Header:
    """Raises ValidationError where what is needed is missing or stands there twice."""
    columns = columns_of(brand)
    known = by_heading(columns)
    names = [in_one_line(cell if isinstance(cell, str) else "") for cell in cells]
    found = [known.get(plain(name)) for name in names]
    present = [column for column in found if column]
    twice = {column for column in present if present.count(column) > 1}
    if twice:
        raise ValidationError(
            _("This column stands there twice: %(columns)s.") % {"columns": _named(columns, twice)}
        )
    missing = {each for each in columns if (each.part, each.field) in NEEDED} - set(present)
    if missing:
        raise ValidationError(
            _("A column is missing: %(columns)s. The first row names the columns.")
            % {"columns": _named(columns, missing)}
        )
    used = [each for each in columns if each in present or each.number <= 1]
    return Header(
        tuple(found),
        tuple(
            name[:SHOWN_MAX]
            for name, column in zip(names, found, strict=True)
            if name and not column
        )[:NAMED_MAX],
        tuple(each.heading for each in used if each not in present),
    )


def lines_of(rows: Sequence[Any], header: Header, brand: Brand) -> list[Line]:
    return [_line(number, cells, header, brand.currency) for number, cells in rows]


def _line(number: int, cells: Sequence[Any], header: Header, currency: str) -> Line:
    line = Line(number)
    for at, cell in enumerate(cells):
        column = header.columns[at] if at < len(header.columns) else None
        if column is None:
            if cell != values.EMPTY and at >= len(header.columns):
                line.refuse(None, _("There is more in this row than the first row has columns."))
                break
            continue
        try:
            line.said[column] = values.read(cell, column, currency)
        except Unclear as unclear:
            line.unread.add(column)
            line.refuse(column, str(unclear))
    return line


def by_treat(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Those with one ID; of those without, those with one name. A row without either goes on with the treat
    above it."""
    found: dict[tuple[str, str], list[Line]] = {}
    key = ("", "")
    for line in lines:
        slug, name = str(line.says(ID)), str(line.says(NAME))
        if slug:
            key = ("id", slug)
        elif name:
            key = ("name", plain(in_one_line(name)))
        found.setdefault(key, []).append(line)
    yield from found.values()


def _named(columns: Sequence[Column], wanted: set[Column]) -> str:
    return ", ".join(f"“{column.heading}”" for column in columns if column in wanted)
