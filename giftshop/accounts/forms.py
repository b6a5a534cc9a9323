"""Signing in."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _


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
