import csv
import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import csv_export

FORMULAS = ("=", "+", "-", "@", "\t", "\r", *"\uff1d\uff0b\uff0d\uff20")

names = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40)
nasty = st.builds(
    lambda pad, sign, rest: pad + sign + rest,
    st.sampled_from(["", " ", "\u00a0", "\u3000", "\ufeff"]),
    st.sampled_from(FORMULAS),
    names,
)


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


@given(st.lists(st.lists(names | nasty, min_size=2, max_size=2), max_size=5))
def test_no_cell_starts_a_formula_whatever_people_are_called(rows: list[list[str]]) -> None:
    text = csv_export.text(["Name", "Note"], rows)

    for line in read(text)[1:]:
        for cell in line:
            assert not cell.startswith(FORMULAS), repr(cell)
            assert not cell.strip(" \u00a0\u3000\ufeff").startswith(FORMULAS), repr(cell)


@given(st.lists(st.lists(names, min_size=2, max_size=2), max_size=5))
def test_what_was_written_is_read_again(rows: list[list[str]]) -> None:
    read_again = read(csv_export.text(["Name", "Note"], rows))[1:]

    assert [[cell.removeprefix("'") for cell in line] for line in read_again] == [
        [cell.removeprefix("'") for cell in row] for row in rows
    ]


@pytest.mark.parametrize("sign", FORMULAS)
def test_each_sign_that_begins_a_formula_is_disarmed(sign: str) -> None:
    assert csv_export.harmless(f"{sign}1+1") == f"'{sign}1+1"


def test_numbers_stay_numbers_below_nothing_too() -> None:
    assert [csv_export.harmless(cell) for cell in (12, -3, Decimal("-6.50"))] == [
        "12",
        "-3",
        "-6.50",
    ]


def test_it_begins_with_the_mark_that_excel_wants() -> None:
    assert csv_export.text(["Straße"], []) == "\ufeffStraße\r\n"
