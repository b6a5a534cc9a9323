"""What somebody fills in who takes up an invitation."""

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _

from core.forms.line_field import LineField
from giftshop.accounts.models import User
from giftshop.sign_in.forms import password_field


class NewAccountForm(forms.Form):
    name = LineField(
        label=_("Your name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("Your colleagues read it beside what you do."),
    )
    password = password_field()

    def __init__(self, *args: Any, email: str, needs_password: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email
        if not needs_password:
            self.fields["password"].required = False
            self.fields["password"].help_text = _(
                "Leave it empty, and we send you a code whenever you sign in. Or 12 characters or more."
            )

    def clean_password(self) -> str:
        """By the rules of the settings; none of them asks the database."""
        password: str = self.cleaned_data["password"]
        if not password:
            return ""
        known = User(email=self.email, name=self.cleaned_data.get("name", ""))
        password_validation.validate_password(password, known)
        return password
