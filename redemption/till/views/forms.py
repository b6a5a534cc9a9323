"""What a device may send."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core import money
from core.forms.amount_field import WholeNumberField
from core.forms.line_field import LineField
from redemption.code_format import TEXT_LENGTH_MAX
from redemption.models.redemption import IDEMPOTENCY_KEY_LENGTH_MAX

PICK_PREFIX = "pick-"


class PairingForm(forms.Form):
    token = forms.CharField(
        label=_("Text to connect"),
        max_length=300,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}
        ),
        error_messages={
            "required": _("Paste the text that the studio shows, or scan its QR code.")
        },
    )

    def clean_token(self) -> str:
        """The token alone, also when the whole link was pasted."""
        return str(self.cleaned_data["token"]).rpartition("#")[2].strip()


class PinForm(forms.Form):
    staff = forms.UUIDField(error_messages={"required": _("Tap your name first.")})
    pin = forms.CharField(
        max_length=8,
        validators=[RegexValidator(r"^\d{4,8}$", _("A PIN has 4 to 8 digits."))],
        error_messages={"required": _("Type your PIN.")},
    )


class RedemptionForm(forms.Form):
    """A confirmed look-up. Amounts in minor units: `amount` is absent for a treat, `basket_total`
    wherever nobody said what the recipient bought in all."""

    code = forms.CharField(max_length=TEXT_LENGTH_MAX)
    key = forms.CharField(max_length=IDEMPOTENCY_KEY_LENGTH_MAX)
    amount = WholeNumberField(required=False, min_value=1, max_value=money.MINOR_UNITS_MAX)
    basket_total = WholeNumberField(required=False, min_value=1, max_value=money.MINOR_UNITS_MAX)


class ReversalForm(forms.Form):
    """A quick reason, or one's own words."""

    reason = LineField(max_length=200, required=False)
    other = LineField(max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned["reason"] = cleaned.get("reason") or cleaned.get("other")
        if not cleaned["reason"] and not self.errors:
            self.add_error("other", _("Say why it is undone."))
        return cleaned


def problem_of(form: forms.Form) -> str:
    """The first thing to put right, or an empty text."""
    return str(next(iter(form.errors.values()))[0]) if form.errors else ""


def picks_in(sent: QueryDict) -> dict[str, list[str]]:
    """`pick-flavour=mint&pick-flavour=fudge` -> {"flavour": ["mint", "fudge"]}."""
    return {
        name.removeprefix(PICK_PREFIX): [pick for pick in sent.getlist(name) if pick]
        for name in sent
        if name.startswith(PICK_PREFIX)
    }
