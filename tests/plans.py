"""How PostgreSQL would read a query, asked so that the sizes of tables and its statistics decide nothing."""

import re

from django.db import connection, transaction
from django.db.models import QuerySet

FORCED = ("enable_seqscan", "enable_bitmapscan", "enable_sort")


def along(query: QuerySet, index: str) -> bool:
    """Whether this index can serve the query: by its condition or its order, with nothing sorted after it.

    In a test's few rows each index is as good as another, and an analysis in the background changes which is
    taken. So each other one is taken away, for this question alone, until this one is taken or none is left.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        for setting in FORCED:
            cursor.execute(f"SET LOCAL {setting} = off")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        plan = query.explain()
        while (taken := _index_of(plan)) not in {index, ""}:
            _take_away(taken)
            plan = query.explain()
        transaction.set_rollback(True)
    return taken == index and "Sort" not in plan and "Seq Scan" not in plan


def _index_of(plan: str) -> str:
    """The first that is read; "" if none is."""
    found = re.search(r"Scan (?:Backward )?using (\w+)", plan)
    return found[1] if found else ""


def _take_away(index: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass, conname FROM pg_constraint WHERE conindid = %s::regclass"
            " AND contype IN ('p', 'u', 'x')",
            [index],
        )
        if held_by := cursor.fetchone():
            cursor.execute(f"ALTER TABLE {held_by[0]} DROP CONSTRAINT {held_by[1]} CASCADE")
        else:
            cursor.execute(f"DROP INDEX {index}")
