"""Signing in, and adding a tablet."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from brands.models import Store
from giftshop.offering import offer
from redemption.till.views.manager.forms import DeviceForm


class SignInForm(AuthenticationForm):
    """E-mail and password. The address is lowered first, so that tries are counted together."""

    username = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    error_messages = {
        "invalid_login": _("That e-mail address and password don't belong together."),
        "inactive": _("That e-mail address and password don't belong together."),
    }

    def clean_username(self) -> str:
        return str(self.cleaned_data["username"]).strip().lower()


class TabletForm(DeviceForm):
    """A tablet to be paired with one of the brand's stores. Expects the brand's scope."""

    store: "forms.ModelChoiceField[Store]" = forms.ModelChoiceField(
        label=_("Store"), queryset=None, empty_label=None
    )
    field_order = ["store", "name"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "store", Store.objects.open_for_gifts().order_by("name"))
