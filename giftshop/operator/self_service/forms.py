"""What somebody fills in who opens a brand for themselves."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms.line_field import LineField
from giftshop.operator.brands.brand_form import BrandForm, country_field, name_field
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


class OwnBrandForm(BrandForm):
    your_name = LineField(
        label=_("Your name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    name = name_field(_("Name of the shop"), autocomplete="organization")
    country = country_field(
        _("Its currency, clock and language come from it. You can change them later.")
    )

    def __init__(self, *args: Any, needs_name: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not needs_name:
            del self.fields["your_name"]
