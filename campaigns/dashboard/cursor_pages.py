"""Lists that grow for ever, page by page: a cursor names the last row seen, not how many came before."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet

ROWS = 50
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class CursorPage(Generic[M]):
    rows: list[M]
    next_cursor: str


def page(rows: "QuerySet[M]", *, time: str, cursor: str, size: int = ROWS) -> CursorPage[M]:
    """Newest first by the column `time`. A cursor that cannot be read starts from the top."""
    ordered = rows.order_by(f"-{time}", "-id")
    where = _read(cursor)
    if where is not None:
        moment, key = where
        ordered = ordered.filter(Q(**{f"{time}__lt": moment}) | Q(**{time: moment, "id__lt": key}))
    found = list(ordered[: size + 1])
    shown = found[:size]
    return CursorPage(shown, _write(shown[-1], time) if len(found) > size else "")


def _write(row: Any, time: str) -> str:
    microseconds = (getattr(row, time) - EPOCH) // timedelta(microseconds=1)
    return f"{microseconds}.{row.pk}"


def _read(cursor: str) -> tuple[datetime, str] | None:
    microseconds, dot, key = cursor.partition(".")
    if not (dot and key and microseconds.isdecimal() and len(microseconds) < 18):
        return None
    return EPOCH + timedelta(microseconds=int(microseconds)), key
