"""What is asked of a new brand, whoever opens it: its name and its country, from which the rest comes."""

from typing import TYPE_CHECKING

from babel.core import get_global
from babel.numbers import get_territory_currencies
from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms.line_field import LineField
from core.forms.long_select import LongSelect
from core.locales import is_language
from giftshop import places
from giftshop.operator.brands.open import BrandFacts

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SINCE = {"BG": "EUR"}
"""What Babel's tables don't tell yet: Bulgaria has the euro since 2026."""


def name_field(label: "StrOrPromise", *, autocomplete: str) -> LineField:
    return LineField(
        label=label,
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": autocomplete}),
        help_text=_("As it stands over the door: “Frosty Spoon Creamery”."),
    )


def country_field(help_text: "StrOrPromise") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Country"),
        choices=lambda: [("", _("Choose a country")), *places.countries()],
        widget=LongSelect,
        help_text=help_text,
    )


class BrandForm(forms.Form):
    """Has a `name` and a `country`."""

    def facts(self) -> BrandFacts:
        """Of a valid form."""
        country: str = self.cleaned_data["country"]
        return BrandFacts(
            name=self.cleaned_data["name"],
            country=country,
            currency=currency_of(country),
            time_zone=(places.zones_of(country) or ["UTC"])[0],
            language=language_of(country),
        )


def currency_of(country: str) -> str:
    """In which people pay there; dollars where nobody lives."""
    if country in SINCE:
        return SINCE[country]
    tender = get_territory_currencies(country, tender=True)
    return str(tender[-1]) if tender else "USD"


def language_of(country: str) -> str:
    """That most of its people speak, as an official language that Babel has words of; English where
    there is none."""
    spoken = get_global("territory_languages").get(country, {})
    people = {
        tag.replace("_", "-"): float(row["population_percent"])
        for tag, row in spoken.items()
        if row.get("official_status")
    }
    return max(filter(is_language, people), key=lambda tag: people[tag], default="en")
