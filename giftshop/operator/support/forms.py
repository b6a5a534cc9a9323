"""What support fills in: how an order is found, and why something is done."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.forms.line_field import LineField
from giftshop.friends.form_fields import right_address_field
from redemption.codes import acts
from redemption.till.views.manager import forms as manager_forms

REASON_LENGTH_MAX = 200
_PLAIN = {"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}


def refuse_address(reason: str) -> None:
    """An audit entry is kept for good, so nobody's address gets into it."""
    if "@" in reason:
        raise ValidationError(_("Say it without an e-mail address: it is kept for good."))


class FindOrderForm(forms.Form):
    text = LineField(
        label=_("Order number, e-mail, code or payment"),
        max_length=254,
        help_text=_(
            "An address in full; of a code its last four signs will do. Stripe's number of a payment and the"
            " id of an e-mail lead there, too."
        ),
        widget=forms.TextInput(attrs={**_PLAIN, "enterkeyhint": "search"}),
        error_messages={"required": _("Say what you know of it.")},
    )
    reason = LineField(
        label=_("Why are you looking?"),
        max_length=REASON_LENGTH_MAX,
        validators=[refuse_address],
        help_text=_("The brand reads it in its activity: “Ticket 1204: no gift came”."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": acts.Refusal.NO_REASON.label},
    )


class ReasonForm(manager_forms.ReasonForm):
    """The same for an act on what was found."""

    def clean_reason(self) -> str:
        reason = str(self.cleaned_data["reason"])
        refuse_address(reason)
        return reason


class CorrectionForm(ReasonForm):
    """Where the gift goes instead."""

    email = right_address_field()
    field_order = ["email", "reason"]
