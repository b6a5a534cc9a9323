"""Money is kept in minor units; people write and read it as a number."""

from decimal import Decimal

from babel.numbers import get_currency_precision


def number(amount: int, currency: str) -> Decimal:
    """650, "USD" -> 6.50."""
    return Decimal(amount).scaleb(-get_currency_precision(currency))


def minor_units(number: Decimal, currency: str) -> int | None:
    """6.50, "USD" -> 650; None for less than the smallest coin: 6.505."""
    minor = number.scaleb(get_currency_precision(currency))
    return int(minor) if minor == minor.to_integral_value() else None
