"""Colleagues, as an owner invites them."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.forms.version import VersionedForm, version_of
from giftshop.accounts.models import Membership

ROLE = forms.ChoiceField(label=_("Role"), choices=Membership.Role.choices, widget=forms.RadioSelect)


class ColleagueForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=_("They get an invitation, good for a week."),
    )
    role = ROLE


class MemberRoleForm(VersionedForm):
    role = ROLE

    @classmethod
    def over(cls, member: Membership, sent: QueryDict | None = None) -> "MemberRoleForm":
        """Over the role that they have."""
        return cls(sent, initial={"role": member.role, "version": version_of(member.role)})
