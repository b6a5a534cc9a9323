"""What an operator fills in to open a brand and to hand it to its owner."""

from babel.core import get_global
from babel.numbers import get_territory_currencies
from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms.line_field import LineField
from core.locales import is_language
from giftshop import places
from giftshop.operator.brands.open import BrandFacts


class NewBrandForm(forms.Form):
    name = LineField(
        label=_("Name of the brand"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("As it stands over the door: “Frosty Spoon Creamery”."),
    )
    country = forms.ChoiceField(
        label=_("Country"),
        choices=lambda: [("", _("Choose a country")), *places.countries()],
        help_text=_("Its currency, clock and language come from it. The owner can change them."),
    )
    owner = forms.EmailField(
        label=_("The owner's e-mail"),
        max_length=254,
        help_text=_("They get an invitation, good for a week. It may be your own address."),
    )

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


SINCE = {"BG": "EUR"}
"""What Babel's tables don't tell yet: Bulgaria has the euro since 2026."""


class OwnerForm(forms.Form):
    """Another owner's invitation."""

    owner = forms.EmailField(label=_("The owner's e-mail"), max_length=254)


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
