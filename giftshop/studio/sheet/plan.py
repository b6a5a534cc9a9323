"""The dry run: what a sheet would change, line by line. Nothing is written.

Each treat that would be new or other goes through the form of its page (MenuEntry), so that what holds there
holds here. Belongs inside the brand's scope.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from brands.models import Brand
from core.forms.version import version_of
from giftshop.catalog.contents import Contents
from giftshop.catalog.models import Treat
from giftshop.studio.catalog.facts import TreatFacts
from giftshop.studio.sheet import contents, values
from giftshop.studio.sheet.amounts import is_of_any_amount
from giftshop.studio.sheet.columns import (
    ID,
    IS_ACTIVE,
    NAME,
    PLACE,
    STORES,
    Column,
    Kind,
    Part,
    plain,
)
from giftshop.studio.sheet.contents_plan import Group, said_contents
from giftshop.studio.sheet.entries import entry_of, groups_of, kept_groups, tell
from giftshop.studio.sheet.lines import Header, Line, by_treat, header_of, lines_of
from giftshop.studio.sheet.merge import Merged, merge
from giftshop.studio.sheet.places import places_of
from giftshop.studio.sheet.store_cells import StoreCells
from giftshop.studio.sheet.treat_values import TreatValues
from giftshop.team.where import Where


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
    contents: list[Contents] | None = None
    """Of it and of its choices; None where that stays."""
    where: Where = None
    says_stores: bool = False
    """Whether `where` is another than is kept."""
    place: int | None = None
    """On the menu, if it is said to be another than is kept."""
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
    menu: Sequence[Treat]
    """All that is kept, with prices and choices."""

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
    """Of the rows of a table, its header first. 6 queries however many rows. Raises ValidationError where
    the header can't be."""
    header = header_of(rows[0][1], brand)
    lines = lines_of(rows[1:], header, brand)
    if not lines:
        raise ValidationError(_("There is nothing below the first row."))
    menu = _Menu(brand, by_name)
    menu.stores.read(lines)
    treats = [_planned(group, header.present, menu) for group in by_treat(lines)]
    return Plan(header, treats, menu.named_alike, list(menu.by_id.values()))


class _Menu:
    """What is kept, found by ID and by name."""

    def __init__(self, brand: Brand, by_name: bool) -> None:
        found = Treat.objects.select_related("brand").prefetch_related(
            "prices", "option_groups__options"
        )
        self.brand, self.takes_names, self.named_alike = brand, by_name, 0
        self.stores = StoreCells(brand)
        self.by_id = {treat.slug: treat for treat in found}
        self.places = places_of(self.by_id.values())
        self.by_name: dict[str, list[Treat]] = {}
        for treat in self.by_id.values():
            self.by_name.setdefault(plain(treat.name), []).append(treat)

    def values_of(self, treat: Treat) -> TreatValues:
        return TreatValues.of(treat, self.brand, self.stores, self.places[treat.pk])

    def find(self, lines: Sequence[Line]) -> Treat | None:
        """The treat that the rows mean, or None for a new one. Says at the row what can't be."""
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
    before = menu.values_of(kept) if kept else TreatValues()
    merged = merge(lines, before, columns)
    wanted = merged.wanted
    planned = Planned(lines, kept, str(wanted.treat.get("name", "")))
    planned.is_active = bool(wanted.treat.get("is_active", True))
    planned.changes = _changes(lines, before, merged, columns)
    planned.new_rows = {
        line.number for at, line in merged.line_of_size.items() if at not in merged.kept_size
    }
    _plan_place(planned, before, wanted)
    is_any_amount = is_of_any_amount(lines, kept, merged, columns)
    if any(line.faults for line in lines):
        return planned
    groups = kept_groups(kept, merged)
    if kept is None or planned.new_rows or _changes_its_words(planned):
        entry = entry_of(wanted, menu.brand, kept, is_any_amount)
        if not entry.is_valid():
            tell(entry, lines, merged, columns)
            return planned
        planned.facts = entry.facts()
        groups = [] if is_any_amount else groups_of(entry, merged)
    _plan_contents(planned, merged, groups, columns)
    if (stores := wanted.treat.get(STORES.field)) and stores != before.treat.get(STORES.field):
        planned.where, planned.says_stores = menu.stores.where(stores), True
    return planned


def _plan_place(planned: Planned, before: TreatValues, wanted: TreatValues) -> None:
    place = wanted.treat.get(PLACE.field)
    if place in (None, before.treat.get(PLACE.field)):
        return
    if isinstance(place, int) and place > 0:
        planned.place = place
    else:
        planned.lines[0].refuse(PLACE, _("Write a whole number: 1 is the first."))


def _plan_contents(
    planned: Planned, merged: Merged, groups: Sequence[Group], columns: Sequence[Column]
) -> None:
    first = planned.lines[0]
    told = said_contents(first, planned.kept, merged, groups, columns)
    planned.changes[first.number] += told.changes
    if told.is_change:
        planned.contents = told.contents


def _changes_its_words(planned: Planned) -> bool:
    return any(
        column not in (IS_ACTIVE, PLACE, STORES) and column.kind not in contents.KINDS
        for told in planned.changes.values()
        for column, _old, _new in told
    )


def _changes(
    lines: Sequence[Line], before: TreatValues, merged: Merged, columns: Sequence[Column]
) -> dict[int, list[tuple[Column, Any, Any]]]:
    """What is said of the treat as a whole stands at its first row."""
    found: dict[int, list[tuple[Column, Any, Any]]] = {line.number: [] for line in lines}
    of_choices = {Kind.ALLERGENS_OF_CHOICES, Kind.DIET_OF_CHOICES}  # told by choice once known
    whole = [
        column
        for column in columns
        if column.part is not Part.SIZE and column.kind not in of_choices
    ]
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
