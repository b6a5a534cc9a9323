"""Colleagues, as an owner invites and places them. Expects the brand's scope."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from brands.models import Store
from core.forms.version import VersionedForm, version_of
from giftshop.accounts import permissions
from giftshop.accounts.models import Membership
from giftshop.accounts.store_sets import EVERYWHERE, StoreSet
from giftshop.studio.stores.choice import StoreChoiceForm
from giftshop.team import members
from giftshop.team.where import Where, kept
from redemption.till.staff_rules import StaffRefusal

ALL, SOME = "all", "some"


class MemberForm(StoreChoiceForm, VersionedForm):
    """What somebody is in the studio, and for which stores."""

    role = forms.ChoiceField(
        label=_("Role"), choices=Membership.Role.choices, widget=forms.RadioSelect
    )
    where = forms.ChoiceField(
        label=_("Where"),
        choices=[(ALL, _("All stores, also new ones")), (SOME, _("Only these stores"))],
        initial=ALL,
        widget=forms.RadioSelect,
    )
    stores: "forms.ModelMultipleChoiceField[Store]" = forms.ModelMultipleChoiceField(
        label=_("Only these stores"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    takes_stores_that_are_off = True

    def __init__(self, *args: Any, among: StoreSet = EVERYWHERE, **kwargs: Any) -> None:
        super().__init__(*args, among=among, **kwargs)

    @classmethod
    def over(cls, member: Membership, sent: QueryDict | None = None) -> "MemberForm":
        """Over what they have."""
        theirs = kept(member)
        initial = {
            "role": member.role,
            "where": ALL if theirs is None else SOME,
            "stores": [store.pk for store in theirs or ()],
            "version": version_of(members.as_told(member)),
        }
        return cls(sent, initial=initial)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("where") != SOME:
            return cleaned
        if "role" in cleaned and not permissions.is_by_store(cleaned["role"]):
            self.add_error("where", _("Owners and marketers work for all stores."))
        elif not cleaned.get("stores"):
            self.add_error("stores", StaffRefusal.NO_STORE.label)
        return cleaned

    def place(self) -> Where:
        """Of a valid form: the stores, None for the whole brand."""
        is_some = self.cleaned_data["where"] == SOME
        return list(self.cleaned_data["stores"]) if is_some else None


class ColleagueForm(MemberForm):
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=_("They get an invitation, good for a week."),
    )
    field_order = ["email", "role", "where", "stores"]
