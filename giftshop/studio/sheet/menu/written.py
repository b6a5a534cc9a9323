"""What a sheet's treats become, gathered in memory and written together."""

from typing import Any
from uuid import UUID

from brands.models import Brand
from core.row_diff import Changes, Rows
from giftshop.catalog.models import Treat
from giftshop.studio.catalog.changes import Places, new_treat, told
from giftshop.studio.catalog.contents import put_contents
from giftshop.studio.catalog.parts import TABLES, Parts
from giftshop.studio.sheet.columns import STORES
from giftshop.studio.sheet.places import put_in_place
from giftshop.studio.sheet.plan import Plan, Planned
from giftshop.studio.sheet.store_cells import ALL
from giftshop.team import where
from giftshop.team.where import Where
from redemption.audit.log import Act, Told

HasStore: Any = Treat.stores.through


class Written:
    """Expects the brand's scope. What is kept has to be the same when it is written as it was when it was
    planned: see version.py."""

    def __init__(self, brand: Brand, plan: Plan) -> None:
        self.brand, self.rows, self.free = brand, Rows(), Places.read()
        self.told: list[Told] = []
        self._stores: dict[Treat, Where] = {}
        self._new: list[Treat] = []
        self._places: dict[UUID, int] = {}
        for planned in plan.treats:
            if planned.is_change:
                self._put(planned)
        put_in_place(plan.menu, self._new, self._places, self.rows)

    def _put(self, planned: Planned) -> None:
        """What differs from what is kept, with what the audit log tells of it."""
        if planned.kept is None:
            self._put_new(planned)
        else:
            self._put_changed(planned, planned.kept)

    def write(self) -> None:
        """In a transaction that holds the menu."""
        self.rows.write(*TABLES)
        HasStore.objects.filter(treat__in=list(self._stores)).delete()
        HasStore.objects.bulk_create(
            (
                HasStore(treat=treat, store=store)
                for treat, stores in self._stores.items()
                for store in stores or ()
            ),
            batch_size=500,
        )

    def _put_new(self, planned: Planned) -> None:
        if planned.facts is None:
            raise ValueError("a new treat that nothing is said of")
        parts, first = new_treat(
            brand=self.brand, facts=planned.facts, places=self.free, rows=self.rows
        )
        parts.treat.is_active = planned.is_active
        self._new.append(parts.treat)
        self._tell(parts, Act.TREAT_ADDED, first | self._put_more(planned, parts))

    def _put_changed(self, planned: Planned, treat: Treat) -> None:
        parts = Parts.of(treat)
        changes = parts.say(planned.facts, self.rows) if planned.facts else {}
        changes |= self._put_more(planned, parts)
        if changes:
            self._tell(parts, Act.TREAT_CHANGED, changes)
        if treat.is_active != planned.is_active:
            self.rows.change(treat, {"is_active": planned.is_active})
            self._tell(parts, Act.TREAT_RESTORED if planned.is_active else Act.TREAT_ARCHIVED, {})

    def _put_more(self, planned: Planned, parts: Parts) -> Changes:
        """What has a page of its own."""
        changes: Changes = {}
        if planned.place is not None:
            self._places[parts.treat.pk] = planned.place
        if planned.contents is not None:
            changes = put_contents(parts.treat, parts.options, planned.contents, self.rows)
        if planned.says_stores:
            self.rows.change(parts.treat, {"all_stores": planned.where is None})
            self._stores[parts.treat] = planned.where
            changes["stores"] = [_stores_before(planned), where.told(planned.where)]
        return changes

    def _tell(self, parts: Parts, act: Act, changes: Changes) -> None:
        self.told.append(told(parts.treat, act, changes))


def _stores_before(planned: Planned) -> str | list[str]:
    """As the audit log keeps it."""
    rows = planned.changes.values()
    cell = next((old for row in rows for column, old, _new in row if column == STORES), "")
    if planned.kept is None or cell == ALL:
        return where.ALL_STORES
    return str(cell).split("\n")
