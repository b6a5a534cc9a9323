"""Adding a device."""

from django import forms
from django.utils.translation import gettext_lazy as _

from brands.models import Store
from giftshop.studio.stores.choice import StoreChoiceForm
from redemption.till.views.manager.forms import DeviceForm


class InvitationForm(StoreChoiceForm, DeviceForm):
    """A device to be paired with one of the brand's stores. Expects the brand's scope."""

    store: "forms.ModelChoiceField[Store]" = forms.ModelChoiceField(
        label=_("Store"), queryset=None, empty_label=None
    )
    stores_field = "store"
    field_order = ["store", "name"]
