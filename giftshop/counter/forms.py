"""What a manager may send about a gift."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brands.models import Brand
from core import validity
from core.forms.day_input import DayInput
from core.forms.line_field import LineField
from giftshop.friends.form_fields import right_address_field
from giftshop.refunds.void_money.money_field import SAY, money_field
from giftshop.refunds.void_money.void import with_a_payer
from redemption.models import Code
from redemption.till.views.forms import PinForm
from redemption.till.views.manager.forms import ReasonForm


class FindForm(forms.Form):
    text = forms.CharField(
        label=_("Code, order number, name or e-mail"),
        max_length=254,
        help_text=_(
            "Scan the code, or type its last four signs, or part of the friend's or the sender's name."
        ),
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "off",
                "spellcheck": "false",
                "enterkeyhint": "search",
            }
        ),
    )


class ExtensionForm(ReasonForm):
    """The last day on which the gift is to be good, on the brand's calendar."""

    day = forms.DateField(label=_("Good until"), widget=DayInput())
    field_order = ["day", "reason"]

    def __init__(self, *args: Any, brand: Brand, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.brand = brand

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day > validity.latest_day(timezone.now(), self.brand.tz):
            raise forms.ValidationError(_("That is more than a hundred years from now."))
        return day

    def expires_at(self) -> datetime:
        """The midnight after that day."""
        return validity.end_of(self.cleaned_data["day"], self.brand.tz)


class CorrectionForm(ReasonForm):
    """Where the gift goes instead."""

    email = right_address_field()
    field_order = ["email", "reason"]


class VoidForm(ReasonForm):
    """Whoever voids a paid gift alone says what becomes of its money."""

    def __init__(self, *args: Any, asks_money: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if asks_money:
            self.fields["money"] = money_field()

    @property
    def sends_money(self) -> bool:
        return self.cleaned_data.get("money") == "yes"


class DecisionForm(PinForm):
    """The second person's name, their own PIN, and what they say."""

    decision = forms.ChoiceField(
        choices=[("approve", ""), ("decline", "")],
        widget=forms.HiddenInput,  # said by the button
    )
    request = forms.UUIDField(widget=forms.HiddenInput)
    note = LineField(
        label=_("What do you want to say about it?"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, asks_money: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if asks_money:
            self.fields["money"] = money_field(required=False)
        self.fields["staff"].label = _("Who decides?")
        self.fields["pin"].label = _("Their own PIN")
        self.fields["pin"].widget = forms.PasswordInput(
            attrs={
                "inputmode": "numeric",
                "pattern": "[0-9]*",
                "maxlength": "8",
                "autocomplete": "off",
            }
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        approves = cleaned.get("decision") == "approve"
        if approves and "money" in self.fields and not self["money"].data:
            self.add_error("money", SAY)
        return cleaned

    @property
    def sends_money(self) -> bool:
        return self.cleaned_data.get("money") == "yes"

    @property
    def who(self) -> UUID:
        found: UUID = self.cleaned_data["staff"]
        return found


def act_forms(
    brand: Brand, sent: Mapping[str, forms.Form] | None = None, *, code: Code
) -> dict[str, forms.Form]:
    """The form of each act on a gift's page, by its name; `sent`: those that were filled in."""
    paid_for = bool(with_a_payer([code.pk]))
    alone = code.balance <= brand.void_limit
    empty: dict[str, forms.Form] = {
        "repeat": ReasonForm(auto_id=ids("repeat")),
        "correction": CorrectionForm(auto_id=ids("correction")),
        "hold": ReasonForm(auto_id=ids("hold")),
        "release": ReasonForm(auto_id=ids("release")),
        "extend": ExtensionForm(auto_id=ids("extend"), brand=brand),
        "void": VoidForm(auto_id=ids("void"), asks_money=paid_for and alone),
        "decision": DecisionForm(auto_id=ids("decision"), asks_money=paid_for),
    }
    return {**empty, **(sent or {})}


def ids(act: str) -> str:
    """The `auto_id` of an act's fields: some are called alike, and all stand on one page."""
    return f"{act}-%s"
