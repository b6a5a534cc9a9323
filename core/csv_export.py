"""A table as a CSV file that a spreadsheet opens as it is meant, and never as a program.

A cell that begins like a formula is run by spreadsheets when the file is opened, and names come from
people: such a cell gets an apostrophe before it, as OWASP advises for CSV injection. UTF-8 with a byte
order mark, without which Excel takes it for another encoding.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

Cell = str | int | Decimal

_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""The last four are =, +, - and @ in full width, which spreadsheets in Japanese take for the same."""


def text(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """The whole file, lines ended as RFC 4180 wants."""
    out = io.StringIO(newline="")
    out.write("\ufeff")
    writer = csv.writer(out, quoting=csv.QUOTE_MINIMAL)
    writer.writerow([harmless(name) for name in header])
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return out.getvalue()


def lines(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """The same, a line at a time: for what is too long to stand in memory."""
    yield text(header, [])
    for row in rows:
        out = io.StringIO(newline="")
        csv.writer(out, quoting=csv.QUOTE_MINIMAL).writerow([harmless(cell) for cell in row])
        yield out.getvalue()


def harmless(cell: Cell) -> str:
    """As it is written in the file. A number stays one: what begins with its minus is no formula."""
    if isinstance(cell, int | Decimal):
        return str(cell)
    return f"'{cell}" if _is_like_a_formula(cell) else cell


def taken_back(text: str) -> str:
    """What `harmless` made this of."""
    return text[1:] if text.startswith("'") and _is_like_a_formula(text) else text


def _is_like_a_formula(text: str) -> bool:
    """Also behind apostrophes, so that each can be taken back."""
    return text.lstrip("' \u00a0\u3000\u200b\ufeff\x00").startswith(_BEGINS_A_FORMULA)
