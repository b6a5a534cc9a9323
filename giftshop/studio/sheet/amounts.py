"""A gift of any amount in a sheet: one row without a size, with the least and the most."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from giftshop.catalog.models import Treat
from giftshop.studio.catalog.amounts import SUGGESTED, free_price
from giftshop.studio.sheet import values
from giftshop.studio.sheet.columns import Column, Part
from giftshop.studio.sheet.lines import Line
from giftshop.studio.sheet.merge import Merged

MOST, TO_TAP = "most", "suggested"
OF_IT = ("amount", MOST, TO_TAP, "key")


def is_of_any_amount(
    lines: Sequence[Line], kept: Treat | None, merged: Merged, columns: Sequence[Column]
) -> bool:
    """Says at the row what can't be said of such a gift, or of a treat with sizes."""
    asked = [
        (line, column)
        for at, line in merged.line_of_size.items()
        for column in columns
        if column.part is Part.SIZE
        and column.field in (MOST, TO_TAP)
        and merged.wanted.at(column, at) != values.EMPTY
    ]
    if kept and not free_price(kept):
        for line, column in asked:
            line.refuse(column, _("A treat with sizes stays one. Add a gift of any amount anew."))
        return False
    if not kept and not asked:
        return False
    _refuse_what_it_has_not(lines, merged, columns)
    return True


def _refuse_what_it_has_not(
    lines: Sequence[Line], merged: Merged, columns: Sequence[Column]
) -> None:
    wanted = merged.wanted
    if len(wanted.sizes) > 1:
        lines[-1].refuse(None, _("A gift of any amount has one row."))
    for at, line in merged.line_of_size.items():
        for column in columns:
            is_said = column.part is Part.SIZE and wanted.at(column, at) != values.EMPTY
            if is_said and column.field not in OF_IT:
                line.refuse(column, _("A gift of any amount has none. Leave this empty."))
            if is_said and column.field == TO_TAP:
                _refuse_too_many(line, column, str(wanted.at(column, at)))
    for number in merged.number_of_group:
        first = next((each for each in columns if each.number == number), None)
        lines[0].refuse(first, _("A gift of any amount has none. Leave this empty."))


def _refuse_too_many(line: Line, column: Column, cell: str) -> None:
    if len(cell.split("\n")) > len(SUGGESTED):
        said = _("Write %(count)d amounts at most, one on each line.")
        line.refuse(column, said % {"count": len(SUGGESTED)})
