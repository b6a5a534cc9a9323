"""A form's texts in the further languages of its brand: fields beside its own, folded away on the page."""

from collections.abc import Iterator
from functools import cache

from django import forms
from django.forms import BoundField
from django.utils.translation import get_language_info

from brands.models import Brand
from brands.translations import Translations, cleaned
from core.locales import direction
from giftshop.catalog.translations import further_languages


class TranslatedForm(forms.Form):
    """`TRANSLATED` names the fields that have one beside them for each further language: name_de."""

    TRANSLATED: tuple[str, ...] = ()

    def add_translations(self, brand: Brand) -> None:
        """Once the form's own fields stand."""
        self.languages = further_languages(brand)
        for name in self.TRANSLATED:
            own = self.fields[name]
            for language in self.languages:
                attrs = {**own.widget.attrs, "lang": language, "dir": direction(language)}
                attrs.pop("maxlength", None)
                kind = type(own) if isinstance(own, forms.CharField) else forms.CharField
                self.fields[f"{name}_{language}"] = kind(
                    label=f"{own.label} · {own_name(language)}",
                    max_length=getattr(own, "max_length", None),
                    required=False,
                    widget=type(own.widget)(attrs=attrs),
                )

    def beside(self) -> list[BoundField]:
        """The fields in further languages, by language."""
        return [self[name] for name in self._names()]

    def has_wrong_translation(self) -> bool:
        """Then they are not folded away."""
        return any(name in self.errors for name in self._names())

    def is_translated(self) -> bool:
        """Of a cleaned form: whether something was typed in a further language."""
        return any(str(self.cleaned_data.get(name) or "").strip() for name in self._names())

    def translations(self) -> Translations:
        """Of a cleaned form."""
        said = self.cleaned_data
        return cleaned(
            {
                language: {name: said.get(f"{name}_{language}", "") for name in self.TRANSLATED}
                for language in self.languages
            }
        )

    def _names(self) -> Iterator[str]:
        for language in self.languages:
            for name in self.TRANSLATED:
                yield f"{name}_{language}"


def initial_of(translations: Translations) -> dict[str, str]:
    """{"name_de": "Eisbecher"}: what the fields show."""
    return {
        f"{name}_{language}": words
        for language, said in translations.items()
        for name, words in said.items()
    }


@cache
def own_name(language: str) -> str:
    """As who reads it calls it: Deutsch."""
    return str(get_language_info(language)["name_local"]).capitalize()
