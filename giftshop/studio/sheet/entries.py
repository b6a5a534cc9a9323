"""A treat of a sheet as the form of its page, which judges it."""

from collections.abc import Iterator, Sequence
from typing import Any

from brands.models import Brand
from giftshop.catalog.models import Treat
from giftshop.studio.catalog.amounts import SUGGESTED, AmountEntry
from giftshop.studio.catalog.entry import MenuEntry
from giftshop.studio.sheet.amounts import TO_TAP
from giftshop.studio.sheet.columns import Column, Part
from giftshop.studio.sheet.contents_plan import Group
from giftshop.studio.sheet.lines import Line
from giftshop.studio.sheet.merge import Merged
from giftshop.studio.sheet.treat_values import TreatValues, posted_amount


def entry_of(
    wanted: TreatValues, brand: Brand, kept: Treat | None, is_any_amount: bool
) -> MenuEntry:
    """Filled in as the sheet says."""
    if is_any_amount:
        return AmountEntry(posted_amount(wanted, brand), brand=brand, treat=kept)
    return MenuEntry(wanted.posted(brand), brand=brand, treat=kept)


def kept_groups(kept: Treat | None, merged: Merged) -> list[Group]:
    """Of a treat whose words stay."""
    found = zip(merged.number_of_group, kept.option_groups.all() if kept else (), strict=False)
    return [
        Group(number, group.key, [option.label for option in group.options.all()])
        for number, group in found
    ]


def groups_of(entry: MenuEntry, merged: Merged) -> list[Group]:
    """Of a valid entry."""
    return [
        Group(
            number,
            form.cleaned_data["key"],
            [label for label, _extra in form.cleaned_data["lines"]],
        )
        for number, form in zip(merged.number_of_group, entry.groups.forms, strict=False)
        if not form.is_left_empty
    ]


def tell(
    entry: MenuEntry, lines: Sequence[Line], merged: Merged, columns: Sequence[Column]
) -> None:
    """What the form refuses, at the row and the column that it came from."""
    for form, part, number, line in _forms(entry, lines, merged):
        for name, errors in form.errors.items():
            column = next(
                (
                    each
                    for each in columns
                    if (each.part, each.field) == (part, _field(name, part))
                    and each.number == number
                ),
                None,
            )
            label = "" if column or name not in form.fields else str(form.fields[name].label)
            for error in errors:
                line.refuse(column, f"{label}: {error}" if label else str(error))
    for text in entry.of_rows():
        lines[0].refuse(None, text)


def _field(name: str, part: Part) -> str:
    return TO_TAP if part is Part.SIZE and name in SUGGESTED else name


def _forms(
    entry: MenuEntry, lines: Sequence[Line], merged: Merged
) -> Iterator[tuple[Any, Part, int, Line]]:
    yield entry.treat, Part.TREAT, 0, lines[0]
    if isinstance(entry, AmountEntry):
        yield entry.amounts, Part.SIZE, 0, merged.line_of_size.get(0, lines[0])
        return
    for at, form in enumerate(entry.sizes.forms):
        yield form, Part.SIZE, 0, merged.line_of_size.get(at, lines[0])
    for number, form in zip(merged.number_of_group, entry.groups.forms, strict=False):
        yield form, Part.GROUP, number, lines[0]
