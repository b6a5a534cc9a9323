"""What PostgreSQL read for a piece of work, statement by statement, as EXPLAIN (ANALYZE) tells it."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection


@dataclass(frozen=True)
class Scan:
    """Rows of a table that were looked at, also those that did not fit."""

    kind: str
    table: str
    rows: float

    def __str__(self) -> str:
        return f"{self.kind} of {self.table}: {self.rows:,.0f} rows"


def scans(work: Callable[[], object]) -> list[Scan]:
    """Of each statement that it sends; it is done twice."""
    sent: list[tuple[str, Any]] = []

    def keep(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        sent.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        work()
    found: list[Scan] = []
    for sql, params in sent:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", params)
            [(told,)] = cursor.fetchall()
        [answer] = json.loads(told) if isinstance(told, str) else told
        found += _scans(answer["Plan"])
    return found


def _scans(node: dict[str, Any]) -> Iterator[Scan]:
    kind = node["Node Type"]
    if kind.endswith("Scan") and kind not in {"CTE Scan", "Subquery Scan", "Bitmap Index Scan"}:
        dropped = sum(rows for name, rows in node.items() if name.startswith("Rows Removed by"))
        yield Scan(
            kind, node["Relation Name"], (node["Actual Rows"] + dropped) * node["Actual Loops"]
        )
    for below in node.get("Plans", []):
        yield from _scans(below)
