"""Changing a row and saying what changed, as the audit log keeps it: {"city": ["Seattle", "Tacoma"]}. One row
at once, or many together."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.db import models

BATCH = 500
"""Rows of one statement."""
Changes = dict[str, list[Any]]
"""By field: what was and what is."""


def differing(row: models.Model, wanted: Mapping[str, Any]) -> Changes:
    return {
        name: [getattr(row, name), value]
        for name, value in wanted.items()
        if getattr(row, name) != value
    }


def change(row: models.Model, wanted: Mapping[str, Any]) -> Changes:
    """Set the fields that differ and save them; saves nothing when none does. Expects the row held."""
    changes = differing(row, wanted)
    for name in changes:
        setattr(row, name, wanted[name])
    if changes:
        row.save(update_fields=list(changes))
    return changes


class Rows:
    """Gathered in memory, then written by a few statements for each table, however many. Expects those that
    are there already to be held, and a transaction around `write`."""

    def __init__(self) -> None:
        self._new: dict[type[models.Model], list[models.Model]] = defaultdict(list)
        self._gone: dict[type[models.Model], list[Any]] = defaultdict(list)
        self._changed: dict[int, tuple[models.Model, set[str]]] = {}

    def add(self, row: models.Model) -> None:
        self._new[type(row)].append(row)

    def remove(self, row: models.Model) -> None:
        """With what hangs on it."""
        self._gone[type(row)].append(row.pk)

    def change(self, row: models.Model, wanted: Mapping[str, Any]) -> Changes:
        """Set the fields that differ, and remember to write them."""
        changes = differing(row, wanted)
        for name in changes:
            setattr(row, name, wanted[name])
        if changes and not row._state.adding:
            self._changed.setdefault(id(row), (row, set()))[1].update(changes)
        return changes

    def write(self, *order: type[models.Model]) -> None:
        """Tables in this order: what others refer to comes first."""
        for model in order:
            if keys := self._gone.pop(model, []):
                model._default_manager.filter(pk__in=keys).delete()
        alike: dict[tuple[type[models.Model], tuple[str, ...]], list[models.Model]] = {}
        for row, names in self._changed.values():
            alike.setdefault((type(row), tuple(sorted(names))), []).append(row)
        for (model, names_of_all), rows in alike.items():
            model._default_manager.bulk_update(rows, names_of_all, batch_size=BATCH)
        for model in order:
            model._default_manager.bulk_create(self._new.pop(model, []), batch_size=BATCH)
        self._changed.clear()
