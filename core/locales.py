"""How a language writes figures, dates and names, as Babel knows it."""

from collections.abc import Iterable
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from django.utils.translation import get_language


class Text(str):
    """What somebody wrote, and in which language."""

    language: str

    def __new__(cls, text: str, language: str) -> "Text":
        made = super().__new__(cls, text)
        made.language = language
        return made


def joined(texts: Iterable[str], by: str = ", ") -> str:
    """In one language where all of them are, else in nobody knows which."""
    parts = list(texts)
    languages = {part.language if isinstance(part, Text) else "" for part in parts}
    text = by.join(parts)
    return Text(text, languages.pop()) if len(languages) == 1 and "" not in languages else text


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
