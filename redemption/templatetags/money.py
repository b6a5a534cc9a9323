"""Money as the reader writes it: {{ gift.amount|money:gift.currency }}."""

from babel.numbers import format_currency
from django import template

from redemption import amounts
from redemption.locales import readers_locale

register = template.Library()


@register.filter
def money(amount: int | None, currency: str) -> str:
    """650, "USD" -> "$6.50" in English, "6,50 $" in German; nothing for nothing."""
    if amount is None:
        return ""
    return format_currency(amounts.number(amount, currency), currency, locale=readers_locale())
