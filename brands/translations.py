"""What somebody wrote in further languages, beside their own words.

Kept with each row as JSON, so that a text comes with its translations: no query, and nothing that could
outlive it. What is missing in a language is said in the brand's own words.
"""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import models
from django.utils.translation import get_language, gettext_lazy

from core.locales import Text

Translations = dict[str, dict[str, str]]
"""By language and field; nothing where nobody wrote any."""


class Said:
    """A row's texts as the reader has them: said["name"] is a Text where it is translated."""

    def __init__(self, row: "Translated") -> None:
        self._row = row

    def __getitem__(self, field: str) -> str:
        language = get_language() or "en"
        words = self._row.translations.get(language, {}).get(field)
        return Text(words, language) if words else str(getattr(self._row, field))


class Translated(models.Model):
    translations = models.JSONField(
        default=dict,
        blank=True,
        help_text=gettext_lazy("By language and field; nothing where nobody wrote any."),
    )

    class Meta:
        abstract = True

    @property
    def said(self) -> Said:
        """In the language of the page or mail that is being written."""
        return Said(self)


def cleaned(translations: Mapping[str, Mapping[str, str]]) -> Translations:
    """Without what is empty, by language in one order."""
    kept = {
        language: {field: words for field, words in said.items() if words}
        for language, said in sorted(translations.items())
    }
    return {language: said for language, said in kept.items() if said}


def beside_unseen(kept: Translations, said: Translations, shown: Collection[str]) -> Translations:
    """What is said in the languages that are shown, and what is kept in those that are not: words in one
    that the brand left wait until it comes back to it."""
    return {**{tag: words for tag, words in kept.items() if tag not in shown}, **said}


def in_lines(translations: Any) -> list[str]:
    """["de: Eisbecher"]: as the audit log keeps them."""
    return sorted(
        f"{language}: {words}" for language, said in translations.items() for words in said.values()
    )
