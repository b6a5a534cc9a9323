"""A list as a file: CSV, which leaves line by line, or XLSX, which is made whole and so has fewer rows."""

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import chain, islice
from typing import Any, cast

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _
from django_scopes import scope

from brands.models import Brand
from campaigns.dashboard.number_formats import number
from core import csv_export
from core.csv_export import Cell

CSV, XLSX = "csv", "xlsx"
TYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
ROWS_MAX = {CSV: 100_000, XLSX: 20_000}
AT_ONCE = 1_000
"""A file of so many rows is sent as a whole."""
TEXT_FORMAT = "@"
Rows = Iterable[Sequence[Cell]]


def pages(
    brand: Brand, read: Callable[[str], tuple[list[Sequence[Cell]], str]]
) -> Iterator[Sequence[Cell]]:
    """All rows of a list that is read page by page, each in a scope of its own: a file is still being sent
    when its request is over. `read`: of a cursor, the rows and the next cursor, empty at the end."""
    cursor = ""
    while True:
        with scope(brand=brand):
            rows, cursor = read(cursor)
        yield from rows
        if not cursor:
            return


def download(kind: str, name: str, header: Sequence[str], rows: Rows) -> HttpResponse:
    """`kind`: CSV or XLSX; `name` without its ending. No more than ROWS_MAX; a last line says so."""
    bounded = _bounded(rows, ROWS_MAX[kind], in_words(kind))
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    if kind == XLSX:
        return HttpResponse(_xlsx(header, bounded), content_type=TYPES[kind], headers=headers)
    first = list(islice(bounded, AT_ONCE))
    if len(first) < AT_ONCE:
        text = csv_export.text(header, first)
        return HttpResponse(text, content_type=TYPES[kind], headers=headers)
    lines = csv_export.lines(header, chain(first, bounded))
    # No HttpResponse to the type checker, though a view may answer with either.
    return cast(
        "HttpResponse", StreamingHttpResponse(lines, content_type=TYPES[kind], headers=headers)
    )


def in_words(kind: str) -> str:
    """What is said of a file that is cut."""
    words = _("Only the first %(count)s rows of the list are in this file.")
    return words % {"count": number(ROWS_MAX[kind])}


def _bounded(rows: Rows, most: int, words: str) -> Iterator[Sequence[Cell]]:
    """`words` come as they are now: a file is still being sent when nobody knows its reader's language."""
    left = iter(rows)
    yield from islice(left, most)
    if next(left, None) is not None:
        yield [words]


def _xlsx(header: Sequence[str], rows: Rows) -> bytes:
    # Loaded by who asks for it: a tenth of what every process of the product would take to start.
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    for at in range(1, len(header) + 1):
        sheet.column_dimensions[get_column_letter(at)].width = 18

    def cell(value: Cell) -> Any:
        if not isinstance(value, str):
            return WriteOnlyCell(sheet, float(value) if isinstance(value, Decimal) else value)
        made = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", csv_export.harmless(value)))
        made.data_type, made.number_format = "s", TEXT_FORMAT
        return made

    names = [cell(name) for name in header]
    for each in names:
        each.font = Font(bold=True)
    sheet.append(names)
    for row in rows:
        sheet.append([cell(value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
