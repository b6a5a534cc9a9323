"""Signing in."""

from typing import Any

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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound:  # what is wrong with it takes the focus
            del self.fields["username"].widget.attrs["autofocus"]

    def clean_username(self) -> str:
        return str(self.cleaned_data["username"]).strip().lower()
