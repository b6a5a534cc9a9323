"""What waits for a second person at any store, for an owner to decide: a store may have one manager only."""

from collections.abc import Mapping
from typing import Any, Self
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.forms.line_field import LineField
from giftshop.accounts.access import BrandRequest, member_of_brand
from giftshop.accounts.permissions import Permission
from redemption.codes import void
from redemption.codes.acts import ActRefused
from redemption.models import VoidRequest

LIST_MAX = 100

deciding = member_of_brand(Permission.DECIDE_REQUESTS)


class DecisionForm(forms.Form):
    decision = forms.ChoiceField(
        choices=VoidRequest.Decision.choices,
        widget=forms.HiddenInput,  # said by the button
        error_messages={"required": gettext_lazy("Say yes or no.")},
    )
    note = LineField(
        label=gettext_lazy("What do you want to say about it?"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    @classmethod
    def about(cls, asked: VoidRequest, data: QueryDict | None = None) -> Self:
        """The form of that request: there is one for each on the page."""
        return cls(data, auto_id=f"%s-{asked.pk}")


@never_cache
@require_safe
@deciding
def requests(request: BrandRequest) -> HttpResponse:
    return _page(request)


@require_POST
@deciding
def decision(request: BrandRequest, request_id: UUID) -> HttpResponse:
    """The owner is the second person, and never the one who asked."""
    asked = get_object_or_404(request.stores.within(VoidRequest.objects.all()), pk=request_id)
    form = DecisionForm.about(asked, request.POST)
    if not form.is_valid():
        return _page(request, {asked.pk: form}, status=422)
    approved = form.cleaned_data["decision"] == VoidRequest.Decision.APPROVED
    act = void.approve if approved else void.decline
    try:
        act(
            request_id=asked.pk,
            actor=request.actor,
            note=form.cleaned_data["note"],
        )
    except ActRefused as refused:
        return _page(request, {asked.pk: form}, problem=str(refused.reason.label), status=409)
    done = _("Cancelled: nothing is left on it.") if approved else _("Declined: it stays good.")
    messages.success(request, done)
    return redirect("requests", brand_slug=request.brand.slug)


def _page(
    request: BrandRequest,
    sent: Mapping[UUID, DecisionForm] | None = None,
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """`sent`: what was sent about a request, by its id."""
    waiting = request.stores.within(void.open_requests())[:LIST_MAX]
    context: dict[str, Any] = {
        "brand": request.brand,
        "section": "requests",
        "waiting": [
            (asked, (sent or {}).get(asked.pk) or DecisionForm.about(asked)) for asked in waiting
        ],
        "problem": problem,
    }
    return render(request, "giftshop/studio/requests/list.html", context, status=status)
