"""What a sheet would say of what is in one treat and in its choices, and what of it can't be."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import ngettext

from giftshop.catalog.contents import Contents
from giftshop.catalog.models import Treat
from giftshop.studio.catalog.contents import faults
from giftshop.studio.sheet import contents as cells
from giftshop.studio.sheet.columns import Column, Part
from giftshop.studio.sheet.contents import ALLERGENS, DIET, FIELDS
from giftshop.studio.sheet.lines import Line
from giftshop.studio.sheet.merge import Merged


@dataclass(frozen=True)
class Group:
    number: int
    """In the sheet."""
    key: str
    labels: Sequence[str]


@dataclass(frozen=True)
class SaidContents:
    contents: list[Contents]
    """Of the treat, then of each of its choices."""
    is_change: bool
    changes: list[tuple[Column, Any, Any]]
    """Of choices; a treat's own stand in its cells."""


def said_contents(
    line: Line,
    kept: Treat | None,
    merged: Merged,
    groups: Sequence[Group],
    present: Sequence[Column],
) -> SaidContents:
    """Says at the row what can't be. No query where option groups with their options were fetched."""
    before = _kept(kept)
    fields = merged.wanted.treat
    own = cells.contents_of(str(fields.get(ALLERGENS, "")), str(fields.get(DIET, "")))
    said = [_other(kept.contents if kept else Contents(), own)]
    labelled: list[tuple[str, Contents]] = []
    changes: list[tuple[Column, Any, Any]] = []
    diet_columns = [_column(present, 0, DIET)]
    for group in groups:
        held = [before.get(group.key, {}).get(label, Contents()) for label in group.labels]
        wanted = _of_group(line, held, group, merged, present)
        labelled += zip(group.labels, wanted, strict=True)
        diet_columns += [_column(present, group.number, DIET)] * len(wanted)
        changes += _changes(held, wanted, group, present)
        said += [_other(one, other) for one, other in zip(held, wanted, strict=True)]
    is_change = bool(changes) or said[0] != (kept.contents if kept else Contents())
    if is_change:
        for at, words in faults(own, labelled):
            line.refuse(diet_columns[at], words)
    return SaidContents(said, is_change, changes)


def _kept(treat: Treat | None) -> dict[str, dict[str, Contents]]:
    groups = treat.option_groups.all() if treat else ()
    return {
        group.key: {option.label: option.contents for option in group.options.all()}
        for group in groups
    }


def _of_group(
    line: Line, held: list[Contents], group: Group, merged: Merged, present: Sequence[Column]
) -> list[Contents]:
    """What the sheet does not ask stays with its choice."""
    at = merged.number_of_group.index(group.number)
    lines: dict[str, list[str]] = {}
    for field in FIELDS:
        lines[field] = [cells.line_of(one, field) for one in held]
        if column := _column(present, group.number, field):
            cell = str(merged.wanted.groups[at].get(field, ""))
            found = cells.lines_of(cell, len(held), is_diet=field == DIET)
            if found is None:
                line.refuse(column, _as_many(len(held)))
            lines[field] = found or lines[field]
    return [cells.contents_of(*one) for one in zip(lines[ALLERGENS], lines[DIET], strict=True)]


def _as_many(count: int) -> str:
    return ngettext(
        "There is %(count)d choice: write one line.",
        "There are %(count)d choices: write as many lines, one for each.",
        count,
    ) % {"count": count}


def _changes(
    held: list[Contents], wanted: list[Contents], group: Group, present: Sequence[Column]
) -> list[tuple[Column, Any, Any]]:
    """Of each column: those choices of which it says otherwise."""
    found = []
    for field in FIELDS:
        column = _column(present, group.number, field)
        pairs = [
            (label, cells.line_of(old, field), cells.line_of(new, field))
            for label, old, new in zip(group.labels, held, wanted, strict=True)
        ]
        other = [pair for pair in pairs if pair[1] != pair[2]]
        if column and other:
            old = tuple((label, was) for label, was, _new in other)
            found.append((column, old, tuple((label, new) for label, _was, new in other)))
    return found


def _other(held: Contents, wanted: Contents) -> Contents:
    """What means the same stays as it is kept."""
    return (
        held if all(cells.line_of(held, f) == cells.line_of(wanted, f) for f in FIELDS) else wanted
    )


def _column(present: Sequence[Column], number: int, field: str) -> Column | None:
    part = Part.GROUP if number else Part.TREAT
    return next(
        (each for each in present if (each.part, each.number, each.field) == (part, number, field)),
        None,
    )
