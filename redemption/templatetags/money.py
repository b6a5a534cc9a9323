"""Money as the reader writes it: {{ gift.amount|money:gift.currency }}."""

from decimal import Decimal

from babel import Locale, UnknownLocaleError
from babel.numbers import format_currency, get_currency_precision
from django import template
from django.utils.translation import get_language, to_locale

register = template.Library()


@register.filter
def money(amount: int | None, currency: str) -> str:
    """650, "USD" -> "$6.50" in English, "6,50 $" in German; nothing for nothing."""
    if amount is None:
        return ""
    return format_currency(
        Decimal(amount).scaleb(-get_currency_precision(currency)), currency, locale=_locale()
    )


def _locale() -> Locale:
    try:
        return Locale.parse(to_locale(get_language() or "en"))
    except (UnknownLocaleError, ValueError):
        return Locale("en")
