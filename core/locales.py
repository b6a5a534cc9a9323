"""How a language writes figures, dates and names, as Babel knows it."""

from functools import cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from django.utils.translation import get_language


def readers_locale() -> Locale:
    """Of the active language."""
    return locale_of(get_language() or "en")


def locale_of(language: str) -> Locale:
    """English for a language that Babel does not know."""
    return _known(language) or Locale("en")


def is_language(tag: str) -> bool:
    """Whether it is a language that Babel knows, as BCP 47 writes it: "en", "pt-BR", "zh-Hans"."""
    found = _known(tag)
    return found is not None and str(found).replace("_", "-") == tag


@cache
def direction(language: str) -> str:
    """Which way it is written: "ltr" or "rtl", as HTML's `dir` has it."""
    return "rtl" if locale_of(language).character_order == "right-to-left" else "ltr"


@cache
def with_country(language: str) -> str:
    """As Open Graph names a language, with the country where most write it: "de" -> "de_DE"."""
    likely = str(get_global("likely_subtags").get(language, language))  # de_Latn_DE
    parts = likely.split("_")
    return "_".join(dict.fromkeys([parts[0], parts[-1]]))


def _known(language: str) -> Locale | None:
    try:
        return Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return None
