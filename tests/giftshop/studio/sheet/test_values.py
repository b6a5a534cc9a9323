"""What a cell says: amounts and days as people write them; what has two meanings is refused."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from core.forms.amount_field import AmountField
from giftshop.studio.sheet import values
from giftshop.studio.sheet.columns import Column, Kind, Part
from giftshop.studio.sheet.unclear import Unclear


def read(cell: Any, kind: Kind, currency: str = "USD") -> Any:
    return values.read(cell, Column(part=Part.SIZE, field="x", label="X", kind=kind), currency)


@pytest.mark.parametrize(
    ("cell", "currency", "minor"),
    [
        ("4.50", "USD", 450),
        ("4,50", "USD", 450),
        ("4,5", "USD", 450),
        ("6", "USD", 600),
        ("$6.50", "USD", 650),
        ("6,50 €", "EUR", 650),
        ("USD 6.50", "USD", 650),
        ("1.234,50", "USD", 123450),
        ("1,234.50", "USD", 123450),
        ("1'234.50", "CHF", 123450),
        ("1 234,50", "EUR", 123450),
        ("1\u00a0234,50", "EUR", 123450),
        ("1.234.567", "USD", 123456700),
        ("1234.500", "USD", 123450),
        ("0.500", "KWD", 500),
        ("1.2550", "KWD", 1255),
        ("700", "KRW", 700),
        ({"number": "4.95"}, "USD", 495),
        ({"number": "1234.5"}, "USD", 123450),
    ],
)
def test_an_amount_is_read_as_it_is_meant(cell: Any, currency: str, minor: int) -> None:
    assert read(cell, Kind.AMOUNT, currency) == minor


@pytest.mark.parametrize("cell", ["1.234", "1,234", "12.345", "€ 1.234", "+1.234", "-1.234"])
@pytest.mark.parametrize("currency", ["USD", "KWD", "KRW"])
def test_what_could_be_thousands_is_asked(cell: str, currency: str) -> None:
    with pytest.raises(Unclear, match="could be"):
        read(cell, Kind.AMOUNT, currency)


@pytest.mark.parametrize(
    "cell", ["x", "4.5.6", "1,234,50", "4.5051", "1e5", "--4", "9" * 50, "4;50"]
)
def test_what_is_no_amount_stays_for_the_form_to_refuse(cell: str) -> None:
    assert read(cell, Kind.AMOUNT) == cell


NUMBERS = ["4.505", "4,505", "1.5051", "0.505", "04.505", "1 505", "1\u2009505", "1.505,5", "1e3"]
AROUND = ["{}", "+{}", "-{}", "US${}", "US$ {}", "{} US$", "$ {}", "{} KWD", "¥{}", "{} x"]


@pytest.mark.parametrize("language", ["en", "de", "es"])
@pytest.mark.parametrize("currency", ["USD", "KWD", "KRW", "ISK"])
def test_a_form_takes_nothing_that_a_sheet_left_to_it(language: str, currency: str) -> None:
    """It reads in the reader's language, in which 4.505 may be 4505."""
    field = AmountField()
    field.currency = currency
    with translation.override(language):
        for text in (each.format(number) for each in AROUND for number in NUMBERS):
            try:
                left = values.amount(text, currency) is None
            except Unclear:
                continue
            if left:
                with pytest.raises(ValidationError):
                    field.clean(text)


@pytest.mark.parametrize("currency", ["USD", "KRW", "ISK"])
@pytest.mark.parametrize("kind", [Kind.AMOUNT, Kind.AMOUNTS])
@pytest.mark.parametrize("language", ["en", "de"])
def test_a_number_of_a_book_in_no_coins_is_refused(
    language: str, kind: Kind, currency: str
) -> None:
    with translation.override(language), pytest.raises(Unclear):
        read({"number": "4.505"}, kind, currency)


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [(650, "USD", "6.50"), (700, "KRW", "700"), (1250, "KWD", "1.25"), (1255, "KWD", "1.2550")],
)
def test_an_amount_is_written_so_that_it_can_be_read(minor: int, currency: str, text: str) -> None:
    assert values.written(minor, currency) == text
    assert values.amount(text, currency) == minor


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2026-12-24", date(2026, 12, 24)),
        ("24.12.2026", date(2026, 12, 24)),
        ("03.04.2027", date(2027, 4, 3)),
        ("24/12/2026", date(2026, 12, 24)),
        ("12/24/2026", date(2026, 12, 24)),
        ("04/04/2027", date(2027, 4, 4)),
        ({"day": "2026-12-24"}, date(2026, 12, 24)),
        ("24.12.26", date(2026, 12, 24)),
    ],
)
def test_a_day_is_read_as_it_is_meant(cell: Any, day: Any) -> None:
    assert read(cell, Kind.DAY) == day


@pytest.mark.parametrize("cell", ["31.02.2027", "soon", "03/04/27", "Dec 24 2026", "1" * 50])
def test_what_is_no_day_in_each_language_is_refused(cell: str) -> None:
    """A form would read the third one otherwise in English than in Spanish."""
    with pytest.raises(Unclear, match="Write the day as 2026-05-03"):
        read(cell, Kind.DAY)


def test_a_day_that_could_be_two_is_asked() -> None:
    with pytest.raises(Unclear, match="2027-03-04 or 2027-04-03"):
        read("03/04/2027", Kind.DAY)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("'=1+1", "=1+1"),
        ("''=1+1", "'=1+1"),
        ("'Tis", "'Tis"),
        ({"number": "1664.0"}, "1664"),
        (" a\r\nb ", "a\nb"),
    ],
)
def test_a_text_is_taken_back_as_it_was(cell: Any, text: str) -> None:
    assert read(cell, Kind.LINE) == text


def test_what_a_spreadsheet_made_of_a_text_is_said() -> None:
    with pytest.raises(Unclear, match="made a date"):
        read({"day": "2026-02-01"}, Kind.LINE)
    with pytest.raises(Unclear, match="#REF!"):
        read({"fault": "#REF!"}, Kind.AMOUNT)


@pytest.mark.parametrize(
    ("cell", "said"), [("Ja", True), ("no", False), ("Sí", True), ({"yes": False}, False)]
)
def test_yes_and_no_in_each_language(cell: Any, said: bool) -> None:
    assert read(cell, Kind.YES_NO) is said


def test_a_maybe_is_refused() -> None:
    with pytest.raises(Unclear, match="yes or no"):
        read("maybe", Kind.YES_NO)


def test_extras_of_choices_are_read_like_amounts() -> None:
    assert read("Vanilla\nCola+0,80\n7+ herbs", Kind.LIST) == "Vanilla\nCola +0.80\n7+ herbs"
    with pytest.raises(Unclear, match="could be"):
        read("Gold leaf +1.250", Kind.LIST)
