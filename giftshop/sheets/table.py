"""Reads one table, CSV or XLSX. Run as a program of its own, for it opens what a stranger may have made.

It knows nothing of the product: no setting, no key, no database. It takes one JSON object on stdin and says
what it found on stdout. What the file is, its content says and never its name. Memory and time are bounded by
the system, sizes and numbers by what is asked, before anything is unpacked: a file made to burst only ends
this process. read.py starts it.

A cell is a text, or {"number": "4.5"}, {"day": "2026-12-24"}, {"yes": true}, {"fault": "#REF!"} as a
spreadsheet keeps them. Formulas are never run: of one in XLSX the value counts that was last shown.
"""

import csv
import io
import json
import math
import resource
import sys
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any, BinaryIO

MEMORY_MAX = 1_000_000_000
"""Bytes of address space."""
CPU_SECONDS_MAX = 20
BROKEN, NO_TABLE, OLD_EXCEL, TOO_HEAVY, UNREADABLE, EMPTY = (
    *("broken", "no_table", "old_excel", "too_heavy", "unreadable", "empty"),
)
MANY_ROWS, MANY_COLUMNS, LONG_CELL, OPEN_QUOTE = "rows", "columns", "cell", "quote"
ENCODINGS = (
    (b"\xef\xbb\xbf", "utf-8-sig", "UTF-8"),
    (b"\xff\xfe", "utf-16", "UTF-16"),
    (b"\xfe\xff", "utf-16", "UTF-16"),
)
SEPARATORS = (",", ";", "\t")
OLE, ZIP, PDF = b"\xd0\xcf\x11\xe0", b"PK\x03\x04", b"%PDF"
MEMBERS_MAX, RATIO_MAX = 500, 200
"""Of an XLSX: files in it, and how many times as large as the file they may be together."""
BLANK_MAX = 20_000
"""Rows without anything in them that are passed over: Excel keeps the looks of such."""
Row = tuple[int, list[Any]]


class Refused(Exception):
    """One of the words above, and where."""

    def __init__(self, word: str, **where: Any) -> None:
        super().__init__(word)
        self.told = {"refused": word, **where}


def main() -> None:
    """`source` is the number of an open file; `rows_max`, `columns_max`, `length_max` (of one cell),
    `text_max` (of all cells), `unpacked_max` (bytes)."""
    if sys.platform == "linux":  # others count address space otherwise
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX, MEMORY_MAX))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS_MAX, CPU_SECONDS_MAX))
    asked = json.load(sys.stdin)
    try:
        with open(int(asked["source"]), "rb") as source:
            source.seek(0)
            answer = table(source, asked)
    except Refused as refused:
        answer = refused.told
    except MemoryError:
        answer = {"refused": TOO_HEAVY}
    sys.stdout.write(json.dumps(answer))


def table(source: BinaryIO, asked: dict[str, Any]) -> dict[str, Any]:
    """{"kind", "encoding", "separator", "rows": [[1, ["Name", ...]], ...]}, each row with the number that a
    spreadsheet gives it; empty ones are left out. Raises Refused."""
    beginning = source.read(8)
    source.seek(0)
    if not beginning:
        raise Refused(EMPTY)
    if beginning.startswith(OLE):
        raise Refused(OLD_EXCEL)
    if beginning.startswith(PDF):
        raise Refused(NO_TABLE)
    found = _xlsx(source, asked) if beginning.startswith(ZIP) else _csv(source, asked)
    if not found["rows"]:
        raise Refused(EMPTY)
    return found


def _csv(source: BinaryIO, asked: dict[str, Any]) -> dict[str, Any]:
    text, encoding = _decoded(source.read())
    if "\x00" in text:
        raise Refused(UNREADABLE)
    text, separator = _separated(text)
    csv.field_size_limit(asked["length_max"])
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows = list(_bounded(enumerate(_records(reader), start=1), asked))
    return {"kind": "CSV", "encoding": encoding, "separator": separator, "rows": rows}


def _decoded(content: bytes) -> tuple[str, str]:
    for mark, codec, name in ENCODINGS:
        if content.startswith(mark):
            try:
                return content.decode(codec), name
            except UnicodeDecodeError:
                raise Refused(UNREADABLE) from None
    for codec, name in (("utf-8", "UTF-8"), ("cp1252", "Windows-1252")):
        try:
            return content.decode(codec), name
        except UnicodeDecodeError:
            continue
    raise Refused(UNREADABLE)


def _separated(text: str) -> tuple[str, str]:
    """Without Excel's own line that names the separator; else it is the one that parts the header most."""
    first, _end, rest = text.partition("\n")
    named = first.strip().strip('"')
    if named[:4].lower() == "sep=" and named[4:] in SEPARATORS:
        return rest, named[4:]
    if first.strip("\r") == "sep=\t":
        return rest, "\t"
    header = next(filter(str.strip, io.StringIO(text)), "")
    return text, max(SEPARATORS, key=header.count)


def _records(reader: Any) -> Iterator[list[str]]:
    number = 0
    while True:
        number += 1
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            word = LONG_CELL if "limit" in str(error) else OPEN_QUOTE
            raise Refused(word, row=number) from None


def _xlsx(source: BinaryIO, asked: dict[str, Any]) -> dict[str, Any]:
    _check_archive(source, asked["unpacked_max"])
    from openpyxl import load_workbook

    try:
        book = load_workbook(source, read_only=True, data_only=True, keep_links=False)
        sheet = next(each for each in book.worksheets if each.sheet_state == "visible")
        sheet.reset_dimensions()  # what the file says of its own size is not asked
        shown = (
            sheet.iter_rows()
        )  # whole rows: what stands beyond the last column is refused, not left out
        numbered = ((at, [_cell(cell) for cell in row]) for at, row in enumerate(shown, start=1))
        rows = list(_bounded(numbered, asked))
    except (Refused, MemoryError):
        raise
    except Exception:  # whatever a file made by hand leads the library to
        raise Refused(BROKEN) from None
    return {"kind": "XLSX", "encoding": "", "separator": "", "rows": rows}


def _check_archive(source: BinaryIO, unpacked_max: int) -> None:
    """By what the archive says of its files; no more than that is ever unpacked of each."""
    try:
        with zipfile.ZipFile(source) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError, OSError):
        raise Refused(BROKEN) from None
    packed, unpacked = source.seek(0, io.SEEK_END), sum(each.file_size for each in members)
    source.seek(0)
    if len(members) > MEMBERS_MAX or unpacked > min(unpacked_max, RATIO_MAX * packed):
        raise Refused(TOO_HEAVY)
    if any(each.flag_bits & 1 for each in members):
        raise Refused(OLD_EXCEL)
    if "xl/workbook.xml" not in {each.filename for each in members}:
        raise Refused(NO_TABLE)


def _cell(cell: Any) -> Any:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "e":
        return {"fault": str(value)[:20]}
    if isinstance(value, bool):
        return {"yes": value}
    if isinstance(value, float) and not math.isfinite(value):
        return {"fault": "#NUM!"}  # 1e999, as no spreadsheet writes it
    if isinstance(value, int | float):
        return {"number": repr(round(value, 6))}
    if isinstance(value, datetime | date):
        return {"day": value.isoformat()[:10]}
    return str(value)


def _bounded(rows: Iterable[tuple[int, list[Any]]], asked: dict[str, Any]) -> Iterator[Row]:
    """Those with anything in them, without empty cells at the end."""
    taken = blank = length = 0
    for number, row in islice(rows, asked["rows_max"] + BLANK_MAX):
        while row and row[-1] in ("", None):
            row.pop()
        if not any(not isinstance(cell, str) or cell.strip() for cell in row):
            blank += 1
            continue
        taken += 1
        if taken > asked["rows_max"] + 1:  # the header is none
            raise Refused(MANY_ROWS)
        if len(row) > asked["columns_max"]:
            raise Refused(MANY_COLUMNS, row=number)
        for cell in row:
            told = len(cell) if isinstance(cell, str) else 20
            length += told
            if told > asked["length_max"]:
                raise Refused(LONG_CELL, row=number)
        if length > asked["text_max"]:
            raise Refused(TOO_HEAVY)
        yield number, row
    if blank >= BLANK_MAX or taken + blank >= asked["rows_max"] + BLANK_MAX:
        raise Refused(MANY_ROWS)


if __name__ == "__main__":
    main()
