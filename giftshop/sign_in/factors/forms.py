"""Second factors: the answer of a passkey, its name, and codes."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms.line_field import LineField
from giftshop.sign_in.factors.codes import CODE_LENGTH_MAX
from giftshop.sign_in.factors.factors import NAME_LENGTH_MAX
from giftshop.sign_in.factors.passkeys import ANSWER_LENGTH_MAX, WrongPasskey


class PasskeyForm(forms.Form):
    """What the browser answered; put in by its script."""

    credential = forms.CharField(
        max_length=ANSWER_LENGTH_MAX,
        widget=forms.HiddenInput,
        error_messages={"required": WrongPasskey.words, "max_length": WrongPasskey.words},
    )


def name_field() -> LineField:
    return LineField(
        label=_("Name"),
        max_length=NAME_LENGTH_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Of the device, or of what keeps your passwords."),
    )


class NewPasskeyForm(PasskeyForm):
    name = name_field()


class PasskeyNameForm(forms.Form):
    name = name_field()


class FactorCodeForm(forms.Form):
    """A code of the app, or a recovery code; spaces and dashes do not matter."""

    code = forms.CharField(
        label=_("Code"),
        max_length=CODE_LENGTH_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        help_text=_("Six digits from your app, or one of your recovery codes."),
        error_messages={"required": _("Type a code.")},
    )


class AppCodeForm(forms.Form):
    """The first code of an app that is set up."""

    code = forms.CharField(
        label=_("Code of the app"),
        max_length=CODE_LENGTH_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"required": _("Type the six digits that the app shows.")},
    )


class ProofCodeForm(forms.Form):
    """The code of the e-mail."""

    code = forms.CharField(
        label=_("Code"),
        max_length=CODE_LENGTH_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"required": _("Type the code of our e-mail.")},
    )
