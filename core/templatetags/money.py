"""Money as the reader writes it: {{ gift.amount|money:gift.currency }}; and what a script needs to do so
itself: {{ currency|decimals }}, {{ currency|key_step }}."""

import re
from copy import copy
from functools import cache
from typing import Any

from babel import Locale
from django import template

from core import money as core_money
from core.locales import readers_locale

register = template.Library()

_LETTERS_AND_NUMBER = re.compile(r"(?<=[^\W\d_])(?=\d)")  # RSD450


@register.filter
def money(amount: int | None, currency: str) -> str:
    """650, "USD" -> "$6.50" in English, "6,50 $" in German; nothing for nothing."""
    if amount is None:
        return ""
    locale = readers_locale()
    pattern = _pattern(locale, core_money.shown_decimals(amount, currency))
    number = core_money.number(amount, currency)
    shown = str(pattern.apply(number, locale, currency=currency, currency_digits=False))
    return _LETTERS_AND_NUMBER.sub("\N{NO-BREAK SPACE}", shown)


register.filter("decimals", core_money.decimals)
register.filter("key_step", core_money.key_step)


@cache
def _pattern(locale: Locale, places: int) -> Any:
    """The language's own, with so many decimals: Babel would take those of its table."""
    pattern = copy(locale.currency_formats["standard"])
    pattern.frac_prec = (places, places)
    return pattern
