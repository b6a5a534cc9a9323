"""What becomes of one treat by its rows of a sheet: what is kept, with what the sheet says over it.

Nothing goes by absence. A column that the sheet has not leaves what is kept, and so does a size that has no
row.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from giftshop.studio.catalog.forms import GROUPS_MAX, SIZES_MAX
from giftshop.studio.sheet import values
from giftshop.studio.sheet.columns import NAME, SIZE_ID, Column, Kind, Part, plain
from giftshop.studio.sheet.contents import FIELDS
from giftshop.studio.sheet.lines import Line
from giftshop.studio.sheet.treat_values import Fields, TreatValues, said

STAYS = {Kind.NUMBER, Kind.YES_NO, Kind.STORES}
"""What is kept where a cell is empty."""


@dataclass(frozen=True)
class Merged:
    wanted: TreatValues
    line_of_size: dict[int, Line]
    """By the place of a size among the wanted: the row that it stands in. Others are not in the sheet."""
    kept_size: dict[int, int]
    """By the place of a size among the wanted: its place among the kept. Others are new."""
    number_of_group: tuple[int, ...]
    """Of each wanted group: its number in the sheet."""


def merge(lines: Sequence[Line], kept: TreatValues, columns: Sequence[Column]) -> Merged:
    """Says what can't be at the line."""
    treat = dict(kept.treat)
    for column in columns:
        if column.part is Part.TREAT:
            _lay_over(treat, column, _of_all(lines, column, said(kept.treat, column)))
    sizes, line_of_size, kept_size = _sizes(lines, kept, columns)
    groups, numbers = _groups(lines, kept, columns)
    return Merged(TreatValues(treat, sizes, groups), line_of_size, kept_size, numbers)


def _lay_over(fields: Fields, column: Column, value: Any) -> None:
    """What means the same stays as it is kept, to the letter; a name where none is said does, too."""
    if value == values.EMPTY and (column == NAME or column.kind in STAYS):
        return
    if value != said(fields, column) or column.field not in fields:
        fields[column.field] = value


def _of_all(lines: Sequence[Line], column: Column, kept: Any) -> Any:
    """What is said of the treat as a whole: in one of its rows, or alike in several. Where one row says what
    is kept and another something else, that is what was changed."""
    if any(column in line.unread for line in lines):
        return kept
    told: dict[Any, Line] = {}
    for line in lines:
        if (value := line.says(column)) != values.EMPTY:
            told.setdefault(value, line)
    if len(told) > 1:
        told.pop(kept, None)
    first, *others = told or [values.EMPTY]
    for other in others:
        told[other].refuse(
            column, _("Row %(row)d says otherwise of the same treat.") % {"row": told[first].number}
        )
    return first


def _sizes(
    lines: Sequence[Line], kept: TreatValues, columns: Sequence[Column]
) -> tuple[list[Fields], dict[int, Line], dict[int, int]]:
    mine = [column for column in columns if column.part is Part.SIZE]
    by_key = {str(size.get("key")): at for at, size in enumerate(kept.sizes)}
    by_name = {plain(str(size.get("name"))): at for at, size in enumerate(kept.sizes)}
    wanted: list[tuple[Fields, Line | None, int | None]] = []
    for line in lines:
        if not line.has_size:
            continue
        at = _kept_size(line, by_key, by_name)
        if at is not None and any(other == at for _fields, _line, other in wanted):
            line.refuse(SIZE_ID, _("This size stands there twice."))
            continue
        fields = dict(kept.sizes[at]) if at is not None else {}
        for column in mine:
            if column.field != "key" and column not in line.unread:
                _lay_over(fields, column, line.says(column))
        wanted.append((fields, line, at))
    told = {at for _fields, _line, at in wanted}
    if not set(range(len(kept.sizes))) <= told:  # some have no row: then the order stays, too
        rest = [(dict(size), None, at) for at, size in enumerate(kept.sizes) if at not in told]
        wanted = sorted(
            [*wanted, *rest], key=lambda one: len(kept.sizes) if one[2] is None else one[2]
        )
    if len(wanted) > SIZES_MAX:
        lines[-1].refuse(None, _("A treat has %(count)d sizes at most.") % {"count": SIZES_MAX})
        wanted = wanted[:SIZES_MAX]
    return (
        [fields for fields, _line, _at in wanted],
        {place: line for place, (_fields, line, _at) in enumerate(wanted) if line},
        {place: at for place, (_fields, _line, at) in enumerate(wanted) if at is not None},
    )


def _kept_size(line: Line, by_key: dict[str, int], by_name: dict[str, int]) -> int | None:
    key = str(line.says(SIZE_ID))
    if key:
        if key not in by_key:
            line.refuse(
                SIZE_ID, _("This treat has no size with that ID. Leave it empty for a new one.")
            )
        return by_key.get(key)
    name = next(
        (
            value
            for column, value in line.said.items()
            if (column.part, column.field) == (Part.SIZE, "name")
        ),
        "",
    )
    return by_name.get(plain(str(name)))


def _groups(
    lines: Sequence[Line], kept: TreatValues, columns: Sequence[Column]
) -> tuple[list[Fields], tuple[int, ...]]:
    """A group is known by its name, else by its place."""
    told = {
        number: _told(lines, number, kept, columns)
        for number in range(1, GROUPS_MAX + 1)
        if any(column.number == number for column in columns)
    }
    names = [plain(str(group.get("name"))) for group in kept.groups]
    found: dict[int, int] = {
        number: names.index(name)
        for number, group in told.items()
        if (name := plain(str(group.get("name", "")))) and name in names
    }
    for number in told:
        at = number - 1
        if number not in found and at < len(kept.groups) and at not in found.values():
            found[number] = at
    wanted: list[tuple[Fields, int]] = []
    for number, group in told.items():
        fields = dict(kept.groups[found[number]]) if number in found else {}
        mine = [column for column in columns if column.number == number]
        asked = [column for column in mine if column.field not in FIELDS]
        is_empty = all(group.get(each.field, values.EMPTY) == values.EMPTY for each in asked)
        if is_empty and (asked or number not in found):
            continue  # emptied, or never filled
        for column in mine:
            _lay_over(fields, column, group.get(column.field, values.EMPTY))
        wanted.append((fields, number))
    shown = set(found.values())
    rest = [
        (dict(group), at + 1)
        for at, group in enumerate(kept.groups)
        if at not in shown and at + 1 not in told
    ]
    every = [*wanted, *rest]
    return [fields for fields, _number in every], tuple(number for _fields, number in every)


def _told(
    lines: Sequence[Line], number: int, kept: TreatValues, columns: Iterable[Column]
) -> Fields:
    """What the rows say of one choice."""
    own = kept.groups[number - 1] if number <= len(kept.groups) else {}
    return {
        column.field: _of_all(lines, column, said(own, column))
        for column in columns
        if column.number == number
    }
