"""A page of a list together with the length of the list, by one statement."""

from typing import Any, TypeVar, cast

from django.core.paginator import Page, Paginator
from django.db.models import Count, Model, QuerySet, Window

Row = TypeVar("Row", bound=Model)


def page_of(rows: "QuerySet[Row]", number: str | None, *, size: int) -> "Page[Row]":
    """`number` as the address says it: what is none means the first page, and so does one beyond the last,
    which costs a second query."""
    wanted = (
        int(number) if number and number.isascii() and number.isdigit() and len(number) < 9 else 1
    )
    wanted = max(wanted, 1)
    counted = rows.annotate(of_all=Window(Count("pk")))
    found = list(counted[(wanted - 1) * size : wanted * size])
    if not found and wanted > 1:
        return page_of(rows, None, size=size)
    pages = Paginator(range(cast(Any, found[0]).of_all if found else 0), size)
    page = cast("Page[Row]", pages.page(wanted))
    page.object_list = found
    return page
