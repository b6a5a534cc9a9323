"""Money is kept in minor units; people write and read it as a number."""

from decimal import Decimal

from babel.numbers import get_currency_precision

DIGITS_MAX = 18
"""What a column of 64 bits takes, and more than any sum of money has."""


def number(amount: int, currency: str) -> Decimal:
    """650, "USD" -> 6.50."""
    return Decimal(amount).scaleb(-get_currency_precision(currency))


def minor_units(number: Decimal, currency: str) -> int | None:
    """6.50, "USD" -> 650; None for less than the smallest coin: 6.505. Raises ValueError for what has
    more digits than any amount: an exponent would cost as many as it says."""
    if not number.is_finite() or abs(number.adjusted()) > DIGITS_MAX:
        raise ValueError(f"no amount of money has more than {DIGITS_MAX} digits")
    minor = number.scaleb(get_currency_precision(currency))
    return int(minor) if minor == minor.to_integral_value() else None
