"""How a language writes figures, dates and names, as Babel knows it."""

from babel import Locale, UnknownLocaleError
from django.utils.translation import get_language, to_locale


def readers_locale() -> Locale:
    """Of the active language."""
    return locale_of(get_language() or "en")


def locale_of(language: str) -> Locale:
    """English for a language that Babel does not know."""
    try:
        return Locale.parse(to_locale(language))
    except (UnknownLocaleError, ValueError):
        return Locale("en")
