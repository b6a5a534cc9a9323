"""What a stranger's file is taken for, and what of it is refused before it can do harm."""

import io
import zipfile
from collections.abc import Callable
from tempfile import TemporaryFile
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from openpyxl import Workbook

from giftshop.sheets import read

HEADER = "Name;Size;Price"


def told(content: bytes) -> dict[str, Any]:
    with TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        return read.read(file)


def refused(content: bytes) -> str:
    with pytest.raises(ValidationError) as caught:
        told(content)
    return str(caught.value.messages[0])


def book(*rows: list[Any]) -> bytes:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def archive(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("encoded", "encoding"),
    [
        (lambda text: text.encode(), "UTF-8"),
        (lambda text: b"\xef\xbb\xbf" + text.encode(), "UTF-8"),
        (lambda text: text.encode("utf-16"), "UTF-16"),
        (lambda text: b"\xfe\xff" + text.encode("utf-16-be"), "UTF-16"),
        (lambda text: text.encode("cp1252"), "Windows-1252"),
    ],
)
def test_letters_are_read_as_they_were_written(
    encoded: Callable[[str], bytes], encoding: str
) -> None:
    found = told(encoded(f"{HEADER}\r\nKäsekuchen für 5 €;Groß;4,50\r\n"))
    assert (found["kind"], found["encoding"], found["separator"]) == ("CSV", encoding, ";")
    assert found["rows"][1] == [2, ["Käsekuchen für 5 €", "Groß", "4,50"]]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("named", [False, True])
def test_cells_are_parted_by_what_parts_the_header(separator: str, named: bool) -> None:
    first = f"sep={separator}\r\n" if named else ""
    text = f'{first}Name{separator}Size\n"a{separator} b\nc"{separator}L\n\n"x"{separator}M\n'
    found = told(text.encode())
    assert found["separator"] == separator
    assert found["rows"] == [
        [1, ["Name", "Size"]],
        [2, [f"a{separator} b\nc", "L"]],
        [4, ["x", "M"]],
    ]


def test_a_book_is_read_with_its_kinds_of_cells() -> None:
    from datetime import date

    rows = [["Name", "Price"], ["1664", 4.95], [None, None], [True, date(2026, 12, 24)]]
    found = told(book(*rows))
    assert found["kind"] == "XLSX"
    assert found["rows"][1:] == [
        [2, ["1664", {"number": "4.95"}]],
        [4, [{"yes": True}, {"day": "2026-12-24"}]],
    ]


def test_the_first_sheet_that_is_seen_is_read() -> None:
    """Exports of tills keep hidden ones before it."""
    made, out = Workbook(), io.BytesIO()
    made.worksheets[0].append(["Name"])
    made.create_sheet("hidden", 0).sheet_state = "hidden"
    made.save(out)
    assert told(out.getvalue())["rows"] == [[1, ["Name"]]]


def test_a_number_without_an_end_is_a_fault() -> None:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book(["Price"], [777]))) as made,
        zipfile.ZipFile(out, "w") as other,
    ):
        for name in made.namelist():
            other.writestr(name, made.read(name).replace(b"<v>777</v>", b"<v>1e999</v>"))
    assert told(out.getvalue())["rows"][1] == [2, [{"fault": "#NUM!"}]]


def test_a_formula_is_never_run() -> None:
    assert told(book(["Name"], ['=HYPERLINK("http://evil.example","x")'], ["x"]))["rows"] == [
        [1, ["Name"]],
        [3, ["x"]],
    ], "it was never calculated, so it shows nothing"
    assert told(b"Name\n=1+1\n")["rows"][1] == [2, ["=1+1"]]


def many_rows(count: int) -> bytes:
    return b"Name\n" + b"x\n" * count


def book_with(column: int, row: int = 2) -> bytes:
    """A cell of its own far to the right of a table of two columns."""
    made, out = Workbook(), io.BytesIO()
    made.worksheets[0].append(["Name", "Price"])
    made.worksheets[0].append(["Scoop", 4.5])
    made.worksheets[0].cell(row, column).value = "far away"
    made.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        *(
            (book_with(column, row), f"Row {row} has more than 300 columns")
            for column in (301, 302, 16_384)
            for row in (1, 2, 3)
        ),
        (b"Name\nx" + b"," * 400 + b"far away\n", "Row 2 has more than 300 columns"),
        (b"", "nothing in this file"),
        (b"\n\n ;\n", "nothing in this file"),
        (b"%PDF-1.7 ...", "no table"),
        (archive(word__document_xml=b"<x/>"), "no table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 500, "old Excel"),
        (b"PK\x03\x04" + b"x" * 500, "damaged"),
        (archive(xl__workbook_xml=b"<x/>"), "damaged"),
        (archive(xl__workbook_xml=b"<x/>", big=b"0" * 90_000_000), "takes too long"),
        (archive(xl__workbook_xml=b"<x/>", big=b"0" * 9_000_000), "takes too long"),
        (b"Name\n\x81\x8d\xff\n", "letters of this file"),
        (b"Name\nx\x00y\n", "letters of this file"),
        (b"\xff\xfea", "letters of this file"),
        (b'Name\n"never closed\n', "Row 2: a quotation mark"),
        (b"Name\n" + b"x" * 30_001 + b"\n", "Row 2|cell in row 2"),
        (b";".join([b"x"] * 301), "Row 1 has more than 300 columns"),
        (many_rows(2_001), "2000 rows at most"),
        (b"Name\n" + b"\n" * 1_000_000, "2000 rows at most"),
    ],
)
def test_what_is_not_taken_is_said_in_words(content: bytes, words: str) -> None:
    said = refused(content)
    assert any(word in said for word in words.split("|")), said


def test_the_last_column_that_is_promised_is_read() -> None:
    assert told(book_with(300))["rows"][1][1][-1] == "far away"


def test_as_many_rows_as_are_promised_are_taken() -> None:
    assert len(told(many_rows(2_000))["rows"]) == 2_001


def test_a_book_whose_entities_grow_is_refused() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>'
    whole = zipfile.ZipFile(io.BytesIO(book(["Name"], ["x"])))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in whole.namelist():
            made.writestr(name, bomb if name.endswith("sheet1.xml") else whole.read(name))
    assert "damaged" in refused(out.getvalue())


def test_a_text_named_a_thousand_times_is_counted_each_time() -> None:
    made = book(["Name"], *[["x" * 7_900] * 2 for _row in range(900)])
    assert len(made) < 500_000
    assert "takes too long" in refused(made)


def test_a_book_without_a_memory_to_hold_it_only_ends_its_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(read, "SECONDS_MAX", 0.001)
    assert "takes too long" in refused(book(["Name"], ["x"]))
