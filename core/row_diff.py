"""Changing a row and saying what changed, as the audit log keeps it: {"city": ["Seattle", "Tacoma"]}."""

from collections.abc import Mapping
from typing import Any

from django.db import models

Changes = dict[str, list[Any]]
"""By field: what was and what is."""


def change(row: models.Model, wanted: Mapping[str, Any]) -> Changes:
    """Set the fields that differ and save them; saves nothing when none does. Expects the row held."""
    changes = {
        name: [getattr(row, name), value]
        for name, value in wanted.items()
        if getattr(row, name) != value
    }
    for name in changes:
        setattr(row, name, wanted[name])
    if changes:
        row.save(update_fields=list(changes))
    return changes
