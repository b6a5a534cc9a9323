"""The brand's audit log in the studio."""

from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from core.forms.amount_field import WholeNumberField
from giftshop.accounts.access import BrandRequest, member_of_brand
from giftshop.accounts.permissions import Permission
from giftshop.studio.audit import log
from redemption.audit.log import Act

NUMBER_MAX = 2**63 - 1


class AuditForm(forms.Form):
    """What the page is asked for. `person` is set by a tap on a name."""

    who = forms.CharField(label=_("Who"), max_length=120, required=False)
    act = forms.ChoiceField(
        label=_("What"), choices=[("", _("Everything")), *Act.choices], required=False
    )
    person = forms.UUIDField(required=False, widget=forms.HiddenInput)
    before = WholeNumberField(required=False, min_value=1, max_value=NUMBER_MAX)


@require_safe
@member_of_brand(Permission.SEE_ACTIVITY)
def audit_log(request: BrandRequest) -> HttpResponse:
    """What cannot be understood of the question is left out of it."""
    form = AuditForm(request.GET)
    form.is_valid()
    asked = {name: form.cleaned_data.get(name) for name in ("who", "person", "act")}
    wanted = {name: value for name, value in asked.items() if value}
    page = log.read(
        brand=request.brand,
        before=form.cleaned_data.get("before"),
        stores=request.stores,
        **wanted,
    )
    context = {
        "brand": request.brand,
        "section": "audit",
        "form": form,
        "page": page,
        "filtered": bool(wanted),
        "person": _name_of(asked["person"], page),
        "older": page.older and urlencode({**wanted, "before": page.older}),
        "newest": urlencode(wanted) if form.cleaned_data.get("before") else "",
        "is_later_page": bool(form.cleaned_data.get("before")),
    }
    return render(request, "giftshop/studio/audit/log.html", context)


def _name_of(person: UUID | None, page: log.Page) -> str:
    """As the entries on the page name whoever was asked for."""
    if person is None or not page.lines:
        return ""
    return page.lines[0].entry.actor_name
