"""The dry run: what a sheet would change, line by line. Nothing is written.

Each treat that would be new or other goes through the form of its page (MenuEntry), so that what holds there
holds here. Belongs inside the brand's scope.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from brands.models import Brand
from core.forms.version import version_of
from giftshop.catalog.models import Treat
from giftshop.studio.catalog.amounts import free_price
from giftshop.studio.catalog.entry import MenuEntry
from giftshop.studio.catalog.facts import TreatFacts
from giftshop.studio.sheet import values
from giftshop.studio.sheet.columns import ID, IS_ACTIVE, NAME, Column, Part, plain
from giftshop.studio.sheet.lines import Header, Line, by_treat, header_of, lines_of
from giftshop.studio.sheet.merge import Merged, merge
from giftshop.studio.sheet.treat_values import TreatValues


class State(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass
class Planned:
    """One treat of the sheet."""

    lines: Sequence[Line]
    kept: Treat | None
    name: str = ""
    facts: TreatFacts | None = None
    """None where nothing is written of it, but perhaps that it is on the menu; or something is refused."""
    is_active: bool = True
    changes: dict[int, list[tuple[Column, Any, Any]]] = field(default_factory=dict)
    """By the number of the row: the column, what is kept and what the row says."""
    new_rows: set[int] = field(default_factory=set)

    @property
    def is_change(self) -> bool:
        return self.kept is None or bool(self.new_rows) or any(self.changes.values())

    def state_of(self, line: Line) -> State:
        if line.faults:
            return State.REFUSED
        if self.kept is None or line.number in self.new_rows:
            return State.NEW
        return State.CHANGED if self.changes.get(line.number) else State.UNCHANGED


@dataclass(frozen=True)
class Plan:
    header: Header
    treats: Sequence[Planned]
    named_alike: int
    """How many treats without an ID have the name of one on the menu."""

    def lines(self) -> list[tuple[Planned, Line]]:
        """In the order of the sheet."""
        every = [(treat, line) for treat in self.treats for line in treat.lines]
        return sorted(every, key=lambda one: one[1].number)

    def counts(self) -> dict[str, int]:
        """Lines by their state."""
        found = dict.fromkeys(State, 0)
        for treat, line in self.lines():
            found[treat.state_of(line)] += 1
        return {str(state): count for state, count in found.items()}

    @property
    def version(self) -> str:
        """Of all that it would do, in no language."""
        return version_of(
            [
                [line.number, treat.state_of(line), treat.kept and treat.kept.pk]
                + [
                    [column.field, column.number, old, new]
                    for column, old, new in treat.changes.get(line.number, ())
                ]
                for treat, line in self.lines()
            ]
        )


def make_plan(rows: Sequence[Any], *, brand: Brand, by_name: bool = False) -> Plan:
    """Of the rows of a table, its header first. 4 queries however many rows. Raises ValidationError where
    the header can't be."""
    header = header_of(rows[0][1], brand)
    lines = lines_of(rows[1:], header, brand)
    if not lines:
        raise ValidationError(_("There is nothing below the first row."))
    menu = _Menu(brand, by_name)
    treats = [_planned(group, header.present, menu) for group in by_treat(lines)]
    return Plan(header, treats, menu.named_alike)


class _Menu:
    """What is kept, found by ID and by name."""

    def __init__(self, brand: Brand, by_name: bool) -> None:
        found = Treat.objects.select_related("brand").prefetch_related(
            "prices", "option_groups__options"
        )
        self.brand, self.takes_names, self.named_alike = brand, by_name, 0
        self.by_id = {treat.slug: treat for treat in found}
        self.by_name: dict[str, list[Treat]] = {}
        for treat in self.by_id.values():
            self.by_name.setdefault(plain(treat.name), []).append(treat)

    def find(self, lines: Sequence[Line]) -> Treat | None:
        """The treat that the rows mean, or None for a new one. Says at the row what can't be."""
        found = self._find(lines)
        if found and free_price(found):
            lines[0].refuse(ID, _("A gift of any amount is changed on its own page."))
        return found

    def _find(self, lines: Sequence[Line]) -> Treat | None:
        first = lines[0]
        slug = str(first.says(ID))
        if slug:
            if slug not in self.by_id:
                words = _("There is no treat with this ID. Leave it empty for a new one.")
                first.refuse(ID, words)
            return self.by_id.get(slug)
        alike = self.by_name.get(plain(str(first.says(NAME))), [])
        if not alike:
            return None
        self.named_alike += len(alike) == 1
        if len(alike) == 1 and self.takes_names:
            return alike[0]
        words = _("There is a treat of this name already. To change it, write its ID: %(id)s.")
        first.refuse(ID, words % {"id": ", ".join(treat.slug for treat in alike)})
        return None


def _planned(lines: Sequence[Line], columns: Sequence[Column], menu: _Menu) -> Planned:
    kept = menu.find(lines)
    before = TreatValues.of(kept, menu.brand) if kept else TreatValues()
    merged = merge(lines, before, columns)
    wanted = merged.wanted
    planned = Planned(lines, kept, str(wanted.treat.get("name", "")))
    planned.is_active = bool(wanted.treat.get("is_active", True))
    planned.changes = _changes(lines, before, merged, columns)
    planned.new_rows = {
        line.number for at, line in merged.line_of_size.items() if at not in merged.kept_size
    }
    if any(line.faults for line in lines):
        return planned
    if kept is None or planned.new_rows or _changes_its_words(planned):
        entry = MenuEntry(wanted.posted(menu.brand), brand=menu.brand, treat=kept)
        if entry.is_valid():
            planned.facts = entry.facts()
        else:
            _tell(entry, lines, merged, columns)
    return planned


def _changes_its_words(planned: Planned) -> bool:
    return any(
        column != IS_ACTIVE for told in planned.changes.values() for column, _old, _new in told
    )


def _changes(
    lines: Sequence[Line], before: TreatValues, merged: Merged, columns: Sequence[Column]
) -> dict[int, list[tuple[Column, Any, Any]]]:
    """What is said of the treat as a whole stands at its first row."""
    found: dict[int, list[tuple[Column, Any, Any]]] = {line.number: [] for line in lines}
    whole = [column for column in columns if column.part is not Part.SIZE]
    for column in whole:
        old, new = _at(before, column), _at(merged.wanted, column, merged.number_of_group)
        if old != new and column != ID:
            found[lines[0].number].append((column, old, new))
    for at, line in merged.line_of_size.items():
        kept = merged.kept_size.get(at)
        for column in columns:
            if column.part is Part.SIZE and column.field != "key":
                old = before.at(column, kept) if kept is not None else values.EMPTY
                new = merged.wanted.at(column, at)
                if old != new:
                    found[line.number].append((column, old, new))
    return found


def _at(said: TreatValues, column: Column, numbers: Sequence[int] | None = None) -> Any:
    """In the first row; of groups whose numbers are others than their places, by these."""
    if column.part is not Part.GROUP or numbers is None:
        return said.at(column, 0)
    if column.number not in numbers:
        return values.EMPTY
    moved = TreatValues(groups=[said.groups[numbers.index(column.number)]])
    return moved.at(_as_first(column), 0)


def _as_first(column: Column) -> Column:
    return replace(column, number=1)


def _tell(
    entry: MenuEntry, lines: Sequence[Line], merged: Merged, columns: Sequence[Column]
) -> None:
    """What the form refuses, at the row and the column that it came from."""
    for form, part, number, line in _forms(entry, lines, merged):
        for name, errors in form.errors.items():
            column = next(
                (
                    each
                    for each in columns
                    if (each.part, each.field) == (part, name) and each.number == number
                ),
                None,
            )
            label = "" if column or name not in form.fields else str(form.fields[name].label)
            for error in errors:
                line.refuse(column, f"{label}: {error}" if label else str(error))
    for rows in (entry.sizes, entry.groups):
        for error in rows.non_form_errors():
            lines[0].refuse(None, str(error))


def _forms(
    entry: MenuEntry, lines: Sequence[Line], merged: Merged
) -> Iterator[tuple[Any, Part, int, Line]]:
    yield entry.treat, Part.TREAT, 0, lines[0]
    for at, form in enumerate(entry.sizes.forms):
        yield form, Part.SIZE, 0, merged.line_of_size.get(at, lines[0])
    for number, form in zip(merged.number_of_group, entry.groups.forms, strict=False):
        yield form, Part.GROUP, number, lines[0]
