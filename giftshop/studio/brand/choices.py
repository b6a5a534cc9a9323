"""The currencies and languages that a brand chooses among, by name."""

from functools import cache

from babel.core import get_global
from babel.numbers import get_currency_name, get_territory_currencies
from django.conf import settings
from django.utils.translation import get_language_info

from core.locales import readers_locale

LANGUAGES = ("en", "de", "es", "fr", "it", "nl", "pt", "pl", "sv", "da", "nb", "fi", "ja", "ko")


def currencies(own: str) -> list[tuple[str, str]]:
    """[("EUR", "Euro (EUR)"), ...] by name: what people pay with today; the brand's own is among them."""
    locale = readers_locale()
    named = [
        (code, f"{get_currency_name(code, locale=locale)} ({code})") for code in {own, *_tender()}
    ]
    return sorted(named, key=lambda choice: choice[1].casefold())


USED_IN_MANY = ("EUR", "USD")
"""Offered wherever a brand is at home."""


def tender_in(country: str) -> list[str]:
    """What people pay with there today; nothing for what is no country."""
    return list(get_territory_currencies(country, tender=True))


@cache
def _tender() -> frozenset[str]:
    """Legal tender of today, anywhere: no metals, funds, or money of earlier days."""
    territories = get_global("territory_currencies")
    return frozenset(
        code for each in territories for code in get_territory_currencies(each, tender=True)
    )


def languages(own: str) -> list[tuple[str, str]]:
    """By name in the reader's language; the brand's own is among them."""
    names = readers_locale().languages
    tags = dict.fromkeys([own, *LANGUAGES])
    return sorted(
        ((tag, str(names.get(tag.replace("-", "_"), tag))) for tag in tags),
        key=lambda pair: pair[1],
    )


def spoken() -> list[tuple[str, str]]:
    """The languages that the product itself speaks, by their own names."""
    return [
        (tag, get_language_info(tag)["name_local"].capitalize()) for tag, _n in settings.LANGUAGES
    ]
