"""Signing in: by a code, or by a password; and a new password."""

from typing import Any

from allauth.account.forms import BaseConfirmCodeForm, ResetPasswordForm, UserTokenForm
from django import forms
from django.contrib.auth import password_validation
from django.contrib.auth.forms import AuthenticationForm
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.forms.line_field import LineField
from giftshop.accounts.models import AccountLetter, User
from giftshop.sign_in import letters


def code_field(label: Any, **attrs: Any) -> forms.CharField:
    """For a code from an e-mail; `attrs` of its box."""
    box = {"autocomplete": "one-time-code", "inputmode": "numeric", **attrs}
    return forms.CharField(
        label=label,
        max_length=20,
        widget=forms.TextInput(attrs=box),
        error_messages={"required": _("Type the code of our e-mail.")},
    )


class SignInForm(AuthenticationForm):
    """E-mail, and a password for whoever wants one: without it, a code is sent. The address is lowered first,
    so that tries are counted together."""

    username = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label=_("Password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
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


class CodeForm(BaseConfirmCodeForm):  # type: ignore[misc]  # allauth has no types
    """The code of the e-mail; spaces and dashes do not matter."""

    code = code_field(_("Code"), autofocus=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound:
            del self.fields["code"].widget.attrs["autofocus"]


class AccountNameForm(forms.Form):
    name = LineField(
        label=_("Your name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("Your colleagues read it beside what you do."),
    )


class AddressForm(forms.Form):
    """The address that somebody wants to sign in with."""

    email = forms.EmailField(
        label=_("New e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args: Any, present: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.present = present

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).strip().lower()
        if email == self.present:
            raise forms.ValidationError(_("You sign in with this one already."))
        return email


class AddressCodesForm(forms.Form):
    """One code from each end."""

    old = code_field(_("Code at your address of today"))
    new = code_field(_("Code at the new address"))


def password_field() -> forms.CharField:
    """For a password that is chosen now."""
    return forms.CharField(
        label=_("Password"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("12 characters or more. A few words in a row are easy to keep in mind."),
    )


class ForgottenPasswordForm(ResetPasswordForm):  # type: ignore[misc]
    """Sends a link to whoever signs in with the address, and to nobody else."""

    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
        help_text=_("The one that you sign in with."),
    )

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).strip().lower()
        self.users = list(User.objects.filter(email=email, is_active=True))
        return email

    def save(self, *args: Any, **kwargs: Any) -> str:
        email: str = super().save(*args, **kwargs)
        if not self.users:
            letters.pretend(email, kind=AccountLetter.Kind.NEW_PASSWORD, now=timezone.now())
        return email


class LinkForm(UserTokenForm):  # type: ignore[misc]
    """What an address of a link holds. Opens nothing for somebody who can't sign in any more."""

    def _get_user(self, uidb36: str) -> User | None:
        user: User | None = super()._get_user(uidb36)
        return user if user and user.is_active else None


class NewPasswordForm(forms.Form):
    """In place of the one that was forgotten."""

    password = password_field()

    def __init__(self, *args: Any, user: User | None, temp_key: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        password_validation.validate_password(password, self.user)
        return password

    def save(self) -> None:
        assert self.user is not None  # nosec B101  # without one the page has no form
        self.user.set_password(self.cleaned_data["password"])
        self.user.save(update_fields=["password"])
