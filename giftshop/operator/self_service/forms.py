"""What somebody fills in who opens a brand for themselves."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms.line_field import LineField
from core.forms.long_select import LongSelect
from giftshop import places
from giftshop.operator.brands.forms import currency_of, language_of
from giftshop.operator.brands.open import BrandFacts
from giftshop.sign_in.forms import code_field


class OwnerAddressForm(forms.Form):
    email = forms.EmailField(
        label=_("Your e-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("We send you a code, so that we know it is yours. You sign in with it later."),
    )

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).strip().lower()


class OpeningCodeForm(forms.Form):
    code = code_field(_("Code"))


class OwnBrandForm(forms.Form):
    your_name = LineField(
        label=_("Your name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    name = LineField(
        label=_("Name of the shop"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        help_text=_("As it stands over the door: “Frosty Spoon Creamery”."),
    )
    country = forms.ChoiceField(
        label=_("Country"),
        choices=lambda: [("", _("Choose a country")), *places.countries()],
        widget=LongSelect,
        help_text=_("Its currency, clock and language come from it. You can change them later."),
    )

    def __init__(self, *args: Any, needs_name: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not needs_name:
            del self.fields["your_name"]

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
