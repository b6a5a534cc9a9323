"""What an operator fills in to open a brand and to hand it to its owner."""

from django import forms
from django.utils.translation import gettext_lazy as _

from giftshop.operator.brands.brand_form import BrandForm, country_field, name_field


class NewBrandForm(BrandForm):
    name = name_field(_("Name of the brand"), autocomplete="off")
    country = country_field(
        _("Its currency, clock and language come from it. The owner can change them.")
    )
    owner = forms.EmailField(
        label=_("The owner's e-mail"),
        max_length=254,
        help_text=_("They get an invitation, good for a week. It may be your own address."),
    )


class OwnerForm(forms.Form):
    """Another owner's invitation."""

    owner = forms.EmailField(label=_("The owner's e-mail"), max_length=254)
