"""What the manager's console may send."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.forms.line_field import LineField
from core.forms.version import VersionedForm, version_of
from redemption import pins
from redemption.codes.acts import Refusal
from redemption.models import Device, StaffMember
from redemption.till.staff_rules import StaffRefusal

_PIN_WIDGET = {"inputmode": "numeric", "autocomplete": "new-password", "pattern": "[0-9]*"}


NOT_A_PIN = _("A PIN has 4 to 8 digits.")
"""Said once, however it is wrong."""


def _pin_field(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=pins.LENGTH_MAX,
        strip=False,
        validators=[RegexValidator(r"^\d{4,8}\Z", NOT_A_PIN)],
        error_messages={"max_length": NOT_A_PIN},
        widget=forms.PasswordInput(attrs={**_PIN_WIDGET, "minlength": pins.LENGTH_MIN}),
    )


class NewPinForm(forms.Form):
    """A PIN typed twice: nobody can see what was typed, and the person has to get in with it."""

    pin = _pin_field(_("New PIN"))
    pin_again = _pin_field(_("The same PIN again"))

    def clean_pin(self) -> str:
        pin = str(self.cleaned_data["pin"])
        if pins.is_weak(pin):
            raise ValidationError(StaffRefusal.WEAK_PIN.label)
        return pin

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        second = cleaned.get("pin_again")
        if (
            second and self["pin"].data and second != self["pin"].data
        ):  # also of one that is too weak
            self.add_error("pin_again", _("The two PINs are not the same."))
        return cleaned


class NewStaffForm(NewPinForm):
    name = LineField(
        label=_("Name"),
        max_length=60,
        help_text=_("As colleagues call them; it is shown on the device."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(
        label=_("Role"),
        choices=StaffMember.Role.choices,
        initial=StaffMember.Role.CASHIER,
        widget=forms.RadioSelect,
    )
    field_order = ["name", "role", "pin", "pin_again"]


class ReasonForm(forms.Form):
    """Why a manager does it, for the audit log."""

    reason = LineField(
        label=_("Why?"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": Refusal.NO_REASON.label},
    )


class RoleForm(VersionedForm):
    role = forms.ChoiceField(
        label=_("Role"), choices=StaffMember.Role.choices, widget=forms.RadioSelect
    )

    @classmethod
    def over(cls, member: StaffMember, sent: QueryDict | None = None) -> "RoleForm":
        """Over the role that they have."""
        return cls(sent, initial={"role": member.role, "version": version_of(member.role)})


class DeviceForm(forms.Form):
    name = LineField(
        label=_("Name of the device"),
        max_length=60,
        help_text=_("So that you know which one it is: “Counter left”."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("A device needs a name of at most 60 characters.")},
    )


class NewDeviceForm(DeviceForm):
    profile = forms.ChoiceField(
        label=_("What it is for"),
        choices=Device.Profile.choices,
        initial=Device.Profile.POS,
        widget=forms.RadioSelect,
    )
