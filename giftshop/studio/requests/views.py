"""What waits for a second person at any store, for an owner to decide: a store may have one manager only."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from giftshop.accounts.access import BrandRequest, actor_of, member_of_brand
from giftshop.accounts.models import Membership
from redemption.codes import void
from redemption.codes.acts import ActRefused
from redemption.models import VoidRequest
from redemption.till.views.forms import problem_of

LIST_MAX = 100

owner = member_of_brand(Membership.Role.OWNER)


class DecisionForm(forms.Form):
    decision = forms.ChoiceField(
        choices=VoidRequest.Decision.choices,
        error_messages={"required": gettext_lazy("Say yes or no.")},
    )
    note = forms.CharField(max_length=200, required=False)


@never_cache
@require_safe
@owner
def requests(request: BrandRequest) -> HttpResponse:
    return _page(request)


@require_POST
@owner
def decision(request: BrandRequest, request_id: UUID) -> HttpResponse:
    """The owner is the second person, and never the one who asked."""
    asked, form = get_object_or_404(VoidRequest, pk=request_id), DecisionForm(request.POST)
    if not form.is_valid():
        return _page(request, problem=problem_of(form), status=422)
    approved = form.cleaned_data["decision"] == VoidRequest.Decision.APPROVED
    act = void.approve if approved else void.decline
    try:
        act(
            request_id=asked.pk,
            actor=actor_of(request.user),
            note=form.cleaned_data["note"],
        )
    except ActRefused as refused:
        return _page(request, problem=str(refused.reason.label), status=409)
    done = _("Cancelled: nothing is left on it.") if approved else _("Declined: it stays good.")
    messages.success(request, done)
    return redirect("requests", brand_slug=request.brand.slug)


def _page(request: BrandRequest, *, problem: str = "", status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "brand": request.brand,
        "section": "requests",
        "waiting": void.open_requests()[:LIST_MAX],
        "problem": problem,
    }
    return render(request, "giftshop/studio/requests/list.html", context, status=status)
