"""People behind the counters, as an owner adds and places them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brands.models import Store
from core.scoped_choices import scoped_choices
from redemption.till.staff_rules import StaffRefusal
from redemption.till.views.manager.forms import NewPinForm, NewStaffForm


class StoresForm(forms.Form):
    """Where somebody works. Expects the brand's scope."""

    stores: "forms.ModelMultipleChoiceField[Store]" = forms.ModelMultipleChoiceField(
        label=_("Works at"),
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": StaffRefusal.NO_STORE.label},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scoped_choices(self, "stores", Store.objects.open_for_gifts().order_by("name"))


class StudioPinForm(NewPinForm):
    vouched = forms.BooleanField(
        label=_("I know this person, and hand this PIN to them myself"),
        required=False,
    )


class StudioStaffForm(StoresForm, NewStaffForm):
    field_order = ["name", "stores", "role", "pin", "pin_again"]
