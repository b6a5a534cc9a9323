"""A dry run as its page says it, in the reader's language; kept with the sheet: its pages are cheap."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from brands.models import Brand
from core.templatetags.money import money
from giftshop.studio.sheet import contents, store_cells, values
from giftshop.studio.sheet.columns import NAME, Column, Kind, Part
from giftshop.studio.sheet.lines import Line
from giftshop.studio.sheet.plan import Plan, Planned, State

LENGTH_MAX = 120
"""Characters shown of one cell."""


def shown(plan: Plan, brand: Brand) -> dict[str, Any]:
    """JSON: {"language", "version", "counts", "unknown", "left_out", "named_alike", "lines": [{"row",
    "state", "name", "size", "told": [[heading, old, new]], "faults": [[heading, words]]}]}."""
    return {
        "language": get_language(),
        "version": plan.version,
        "counts": plan.counts(),
        "unknown": plan.header.unknown,
        "left_out": plan.header.left_out,
        "named_alike": plan.named_alike,
        "lines": [_line(treat, line, brand) for treat, line in plan.lines()],
    }


def _line(treat: Planned, line: Line, brand: Brand) -> dict[str, Any]:
    state = treat.state_of(line)
    return {
        "row": line.number,
        "state": state,
        "name": _cut(treat.name or str(line.says(NAME))),
        "size": _cut(_size(line)),
        "told": [] if state == State.REFUSED else list(_told(treat, line, brand)),
        "faults": line.faults,
    }


def _told(treat: Planned, line: Line, brand: Brand) -> Iterator[Sequence[str]]:
    is_new = treat.state_of(line) == State.NEW
    for column, old, new in treat.changes.get(line.number, ()):
        was = "" if is_new and old == values.EMPTY else in_words(old, column, brand)
        yield [column.heading, was, in_words(new, column, brand)]


def _size(line: Line) -> str:
    return next(
        (
            str(value)
            for column, value in line.said.items()
            if (column.part, column.field) == (Part.SIZE, "name")
        ),
        "",
    )


def in_words(value: Any, column: Column, brand: Brand) -> str:
    """One cell for people: "$4.50", "yes", "nothing"."""
    if column.kind is Kind.ALLERGENS and value == values.EMPTY:
        return _("not said")
    if value == values.EMPTY:
        return _("nothing")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if column.kind is Kind.AMOUNT and isinstance(value, int):
        return money(value, brand.currency)
    if isinstance(value, date):
        return date_format(value, "DATE_FORMAT")
    if column.kind in contents.KINDS:
        return _cut(contents.in_words(value, column))
    if column.kind is Kind.STORES:
        value = store_cells.in_words(value)
    return _cut(str(value).replace("\n", ", "))


def _cut(text: str) -> str:
    return Truncator(text).chars(LENGTH_MAX)
