"""Money between minor units and the number that people write."""

import time
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from redemption import amounts
from redemption.amount_field import AmountField


@pytest.mark.parametrize(
    ("minor", "currency", "written"),
    [(650, "USD", "6.50"), (650, "JPY", "650"), (6505, "KWD", "6.505"), (0, "EUR", "0.00")],
)
def test_an_amount_is_written_with_the_digits_of_its_currency(
    minor: int, currency: str, written: str
) -> None:
    assert str(amounts.number(minor, currency)) == written
    assert amounts.minor_units(Decimal(written), currency) == minor


@pytest.mark.parametrize(("number", "currency"), [("6.505", "USD"), ("6.5", "JPY")])
def test_less_than_the_smallest_coin_is_no_amount(number: str, currency: str) -> None:
    assert amounts.minor_units(Decimal(number), currency) is None


HUGE = ["1E+999990", "0E+999990", "9e299998", "1E+1000000", "1E-999990", "1" * 100_000, "Infinity"]
"""Few symbols each, but the last but one; a million digits once they are counted in cents."""


@pytest.mark.parametrize("written", HUGE)
def test_a_number_without_measure_is_no_amount_and_costs_nothing(written: str) -> None:
    started = time.thread_time()
    with pytest.raises(ValidationError, match="Enter a number"):
        AmountField().clean(written)
    with pytest.raises(ValueError, match="18 digits"):
        amounts.minor_units(Decimal(written), "USD")
    assert time.thread_time() - started < 0.1


@pytest.mark.parametrize("written", ["1e1", "1_000", "--5", "5.5.5", ".", "NaN", "\u0665"])
def test_what_nobody_writes_as_an_amount_is_not_guessed_at(written: str) -> None:
    with pytest.raises(ValidationError):
        AmountField().clean(written)


@pytest.mark.parametrize(
    ("language", "written"), [("en", " 1250.50 "), ("de", "1250,50"), ("es", "1250,50")]
)
def test_an_amount_is_read_as_the_readers_language_writes_it(language: str, written: str) -> None:
    with translation.override(language):
        assert AmountField().clean(written) == Decimal("1250.50")
