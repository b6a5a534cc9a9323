"""How VAT of a brand's gifts is, as its owner words it: a part of the form of rules."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms.amount_field import AmountField
from giftshop.orders.vat import WHOLE


class VatFields(forms.Form):
    vat = forms.ChoiceField(
        label=_("VAT on the receipt"),
        choices=[
            (
                "later",
                _("None: it falls due when a gift is used (multi-purpose vouchers, sales tax)"),
            ),
            ("sale", _("It is in the price: due when a gift is sold (single-purpose vouchers)")),
        ],
        widget=forms.RadioSelect,
    )
    vat_rate = AmountField(
        label=_("Rate in percent"),
        required=False,
        most=WHOLE,
        currency="EUR",  # two places, as basis points have
        error_messages={
            "invalid": _("Write a rate in percent, like 19 or 7.5."),
            "negative": _("A rate is not less than nothing. Write it without the minus."),
            "most": _("A rate is 100 percent at most."),
        },
    )
    vat_on_amounts = forms.BooleanField(
        label=_("That holds for gifts of an amount, too"), required=False
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        asked = cleaned.get("vat") == "sale" and "vat_rate" in cleaned
        if asked and cleaned["vat_rate"] is None:
            self.add_error("vat_rate", _("At which rate?"))
        return cleaned

    def vat_rules(self) -> dict[str, Any]:
        """Of a valid form, as Rules takes them."""
        said = self.cleaned_data
        is_due = said["vat"] == "sale"
        return {
            "vat_rate": said["vat_rate"] if is_due else None,
            "vat_on_amounts": is_due and said["vat_on_amounts"],
        }


def as_they_are(vat_rate: int | None, vat_on_amounts: bool) -> dict[str, Any]:
    """What the fields begin with."""
    vat = "later" if vat_rate is None else "sale"
    return {"vat": vat, "vat_rate": vat_rate, "vat_on_amounts": vat_on_amounts}
