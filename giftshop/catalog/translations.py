"""What a brand wrote in further languages, beside its own words.

Kept with each row as JSON, so that a text comes with its translations: no query, and nothing that could
outlive it. What is missing in a language is said in the brand's own words.
"""

from collections.abc import Mapping

from django.db import models
from django.utils.translation import get_language, gettext_lazy

from brands.models import Brand
from core.locales import Text
from giftshop.catalog.brands import languages_of

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


def further_languages(brand: Brand) -> list[str]:
    """Those in which a brand's words can be read beside its own."""
    return [tag for tag in languages_of(brand) if tag != brand.language]


def cleaned(translations: Mapping[str, Mapping[str, str]]) -> Translations:
    """Without what is empty, by language in one order."""
    kept = {
        language: {field: words for field, words in said.items() if words}
        for language, said in sorted(translations.items())
    }
    return {language: said for language, said in kept.items() if said}
