"""Money as the reader writes it: {{ gift.amount|money:gift.currency }}; and what static/js/money.js needs
to write it in the same way: data-money="{{ gift.currency|money_format }}"."""

import json
import re
from copy import copy
from decimal import Decimal
from functools import cache
from typing import Any

from babel import Locale
from django import template

from core import money as core_money
from core.locales import readers_locale

register = template.Library()

_ZERO = re.compile(r"0(?:\D0+)?")
_LETTERS_AND_NUMBER = re.compile(r"(?<=[^\W\d_])(?=\d)")  # RSD450


@register.filter
def money(amount: int | None, currency: str) -> str:
    """650, "USD" -> "$6.50" in English, "6,50 $" in German; nothing for nothing."""
    if amount is None:
        return ""
    number = core_money.number(amount, currency)
    return _written(number, currency, core_money.shown_decimals(amount, currency))


def rate(number: Decimal, currency: str) -> str:
    """0.0083, "USD" -> "$0.0083", 0.5 -> "$0.50": a price of something small, in major units, with all its
    decimals, for it may be less than the smallest coin."""
    places = -int(number.normalize().as_tuple().exponent)
    return _written(number, currency, max(core_money.shown_decimals(0, currency), places))


@register.filter
def money_format(currency: str) -> str:
    """How `money` writes amounts of a currency for this reader, as JSON: the decimals of minor units, the
    step of the last place people write (1, 100), the signs between digits, and where the number stands."""
    symbols = readers_locale().number_symbols["latn"]
    return json.dumps(
        {
            "decimals": core_money.decimals(currency),
            "step": core_money.key_step(currency),
            "point": symbols["decimal"],
            "group": symbols["group"],
            "pattern": _ZERO.sub("{}", money(0, currency), count=1),
        }
    )


def _written(number: Decimal, currency: str, places: int) -> str:
    locale = readers_locale()
    pattern = _pattern(locale, places)
    shown = str(pattern.apply(number, locale, currency=currency, currency_digits=False))
    return _LETTERS_AND_NUMBER.sub("\N{NO-BREAK SPACE}", shown)


@cache
def _pattern(locale: Locale, places: int) -> Any:
    """The language's own, with so many decimals: Babel would take those of its table."""
    pattern = copy(locale.currency_formats["standard"])
    pattern.frac_prec = (places, places)
    return pattern
