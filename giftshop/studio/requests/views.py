"""What waits for a second person at any store, for an owner to decide: a store may have one manager only."""

from collections.abc import Collection, Mapping
from typing import Any, Self
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.forms.line_field import LineField
from giftshop.accounts.access import BrandRequest, member_of_brand
from giftshop.accounts.permissions import Permission
from giftshop.refunds.ask import AskRefused
from giftshop.refunds.void_money.money_field import SAY, money_field
from giftshop.refunds.void_money.void import money_back, with_a_payer
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

    def __init__(self, *args: Any, asks_money: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if asks_money:
            self.fields["money"] = money_field(required=False)

    @classmethod
    def about(
        cls, asked: VoidRequest, data: QueryDict | None = None, *, paid_for: Collection[UUID]
    ) -> Self:
        """The form of that request: there is one for each on the page. `paid_for`: the codes that somebody
        paid for."""
        return cls(data, auto_id=f"%s-{asked.pk}", asks_money=asked.code_id in paid_for)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        approves = cleaned.get("decision") == VoidRequest.Decision.APPROVED
        if approves and "money" in self.fields and not self["money"].data:
            self.add_error("money", SAY)
        return cleaned


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
    form = DecisionForm.about(asked, request.POST, paid_for=with_a_payer([asked.code_id]))
    if not form.is_valid():
        return _page(request, {asked.pk: form}, status=422)
    approved = form.cleaned_data["decision"] == VoidRequest.Decision.APPROVED
    act = void.approve if approved else void.decline
    sends = approved and form.cleaned_data.get("money") == "yes"
    actor, now = request.actor, timezone.now()
    try:
        with money_back(
            code_id=asked.code_id, wanted=sends, actor=actor, reason=asked.reason, now=now
        ):
            act(request_id=asked.pk, actor=actor, note=form.cleaned_data["note"], now=now)
    except (ActRefused, AskRefused) as refused:
        return _page(request, {asked.pk: form}, problem=str(refused.reason.label), status=409)
    done = _("Cancelled: nothing is left on it.") if approved else _("Declined: it stays good.")
    if sends:
        done = _("Cancelled: nothing is left on it. The money goes back to the sender.")
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
    waiting = list(request.stores.within(void.open_requests())[:LIST_MAX])
    paid_for = with_a_payer([asked.code_id for asked in waiting])
    context: dict[str, Any] = {
        "brand": request.brand,
        "section": "requests",
        "waiting": [
            (asked, (sent or {}).get(asked.pk) or DecisionForm.about(asked, paid_for=paid_for))
            for asked in waiting
        ],
        "problem": problem,
    }
    return render(request, "giftshop/studio/requests/list.html", context, status=status)
