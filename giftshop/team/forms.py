"""What somebody fills in who takes up an invitation, or forgot their password."""

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _

from giftshop.accounts.models import User


def password_field() -> forms.CharField:
    """For a password that is chosen now."""
    return forms.CharField(
        label=_("Password"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("12 characters or more. A few words in a row are easy to keep in mind."),
    )


class NewAccountForm(forms.Form):
    name = forms.CharField(
        label=_("Your name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("Your colleagues read it beside what you do."),
    )
    password = password_field()

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean_password(self) -> str:
        """By the rules of the settings; none of them asks the database."""
        password: str = self.cleaned_data["password"]
        known = User(email=self.email, name=self.cleaned_data.get("name", ""))
        password_validation.validate_password(password, known)
        return password


class ForgottenPasswordForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
        help_text=_("The one that you sign in with."),
    )


class NewPasswordForm(forms.Form):
    """In place of the one that was forgotten; saved as Django's view of it expects."""

    password = password_field()

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        password_validation.validate_password(password, self.user)
        return password

    def save(self) -> User:
        self.user.set_password(self.cleaned_data["password"])
        self.user.save(update_fields=["password"])
        return self.user
