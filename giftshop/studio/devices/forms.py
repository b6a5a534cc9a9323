"""Adding a device."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brands.models import Store
from core.scoped_choices import scoped_choices
from giftshop.accounts.store_sets import StoreSet
from redemption.till.views.manager.forms import DeviceForm


class InvitationForm(DeviceForm):
    """A device to be paired with one of the brand's stores. Expects the brand's scope."""

    store: "forms.ModelChoiceField[Store]" = forms.ModelChoiceField(
        label=_("Store"), queryset=None, empty_label=None
    )
    field_order = ["store", "name"]

    def __init__(self, *args: Any, among: StoreSet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scoped_choices(self, "store", among.stores().open_for_gifts().order_by("name"))
