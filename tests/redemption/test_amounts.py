"""Money between minor units and the number that people write."""

from decimal import Decimal

import pytest

from redemption import amounts


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
