"""Many rows, or one, in one short statement.

The ORM's bulk_create writes a placeholder for each value of each row; twenty gifts are six hundred, which
Python and PostgreSQL both read anew each time. Here the rows are one value, JSON, that PostgreSQL takes
apart by the table's own types. The statement is the same however many rows there are, and is prepared once.
"""

import json
from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection, models

M = TypeVar("M", bound=models.Model)

ROWS_AT_ONCE = 1000


def insert(rows: Sequence[M], *, ignore_conflicts: bool = False) -> list[M]:
    """Write rows of one model as bulk_create does: no signal, no default that only the database knows. Those
    that were written: with `ignore_conflicts` without those that stand already, whose commit is waited for.
    A key that the database counts is not read back. One statement for a thousand rows.

    Raises TypeError for a value that is an expression.
    """
    written: list[M] = []
    for at in range(0, len(rows), ROWS_AT_ONCE):
        written += _insert(rows[at : at + ROWS_AT_ONCE], ignore_conflicts)
    return written


def _insert(rows: Sequence[M], ignore_conflicts: bool) -> Sequence[M]:
    model = type(rows[0])
    told = json.dumps([_values(model, row) for row in rows], default=_as_text, ensure_ascii=False)
    with connection.cursor() as cursor:
        cursor.execute(_sql(model, ignore_conflicts), [told])
        made = {key for (key,) in cursor.fetchall()} if ignore_conflicts else None
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias
    return rows if made is None else [row for row in rows if row.pk in made]


@cache
def _columns(model: type[models.Model]) -> list[tuple[str, str, Callable[..., Any] | None]]:
    """Of each: its name there, the attribute here, and what sets it when it is written."""
    return [
        (
            str(field.column),
            field.attname,
            field.pre_save if getattr(field, "auto_now_add", False) else None,
        )
        for field in model._meta.concrete_fields
        if not isinstance(field, models.AutoField)
    ]


@cache
def _sql(model: type[models.Model], ignore_conflicts: bool) -> str:
    quote = connection.ops.quote_name
    table, key = quote(model._meta.db_table), quote(str(model._meta.pk.column))
    columns = ", ".join(quote(column) for column, _name, _set in _columns(model))
    end = f" ON CONFLICT DO NOTHING RETURNING {key}" if ignore_conflicts else ""
    # Names of the product's own tables and columns; every value is a parameter.
    return (
        f"INSERT INTO {table} ({columns}) SELECT {columns}"  # nosec B608
        f" FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb){end}"
    )


def _values(model: type[M], row: M) -> dict[str, Any]:
    kept = vars(row)
    return {
        column: kept[name] if set_now is None else set_now(row, True)
        for column, name, set_now in _columns(model)
    }


def _as_text(value: Any) -> str:
    """As PostgreSQL reads it for its type."""
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, date):  # a datetime is one
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return rf"\x{bytes(value).hex()}"
    raise TypeError(f"{value!r} can't be written so")
