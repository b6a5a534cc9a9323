"""Colleagues, as an owner invites and places them. Expects the brand's scope."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.forms.version import VersionedForm, version_of
from giftshop.accounts import permissions
from giftshop.accounts.models import Membership
from giftshop.accounts.store_sets import EVERYWHERE, StoreSet
from giftshop.studio.stores.choice import ALL, SOME, AllOrSomeForm
from giftshop.team import members
from giftshop.team.where import kept
from redemption.till.staff_rules import StaffRefusal


class MemberForm(AllOrSomeForm, VersionedForm):
    """What somebody is in the studio, and for which stores."""

    role = forms.ChoiceField(
        label=_("Role"), choices=Membership.Role.choices, widget=forms.RadioSelect
    )
    field_order = ["role", "where", "stores"]

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


class ColleagueForm(MemberForm):
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=_("They get an invitation, good for a week."),
    )
    field_order = ["email", "role", "where", "stores"]
