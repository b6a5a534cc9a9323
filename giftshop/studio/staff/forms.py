"""People behind the counters, as an owner adds and places them."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from brands.models import Store
from core.forms.version import VersionedForm, version_of
from giftshop.accounts.store_sets import StoreSet
from giftshop.studio.stores.choice import StoreChoiceForm
from redemption.models import StaffMember
from redemption.till.staff_rules import StaffRefusal
from redemption.till.views.manager.forms import NewPinForm, NewStaffForm


class StoresForm(StoreChoiceForm, VersionedForm):
    """Where somebody works. Expects the brand's scope."""

    stores: "forms.ModelMultipleChoiceField[Store]" = forms.ModelMultipleChoiceField(
        label=_("Works at"),
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": StaffRefusal.NO_STORE.label},
    )

    @classmethod
    def over(
        cls, member: StaffMember, sent: QueryDict | None = None, *, among: StoreSet
    ) -> "StoresForm":
        """Over the stores that they work at."""
        works_at = sorted(member.stores.values_list("pk", flat=True))
        return cls(sent, among=among, initial={"stores": works_at, "version": version_of(works_at)})


class StudioPinForm(NewPinForm):
    vouched = forms.BooleanField(
        label=_("I know this person, and hand this PIN to them myself"),
        required=False,
    )


class StudioStaffForm(StoresForm, NewStaffForm):
    field_order = ["name", "stores", "role", "pin", "pin_again"]
