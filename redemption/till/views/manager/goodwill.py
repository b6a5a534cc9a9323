"""A goodwill gift, for a recipient to whom something went wrong. Its code is shown once, to be taken."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from core.forms.amount_field import AmountField
from core.forms.line_field import LineField
from core.ids import uuid7
from redemption import code_format
from redemption.codes import qr
from redemption.codes.acts import ActRefused
from redemption.codes.issue_goodwill import issue_goodwill_gift
from redemption.models import Code
from redemption.till.session import TillRequest, manager_at_the_till
from redemption.till.views.manager.forms import ReasonForm
from redemption.till.views.manager.frame import place


class GoodwillForm(ReasonForm):
    """`amount` as people write it, in the brand's currency."""

    amount = AmountField(label=gettext_lazy("How much"), least=1)
    recipient_name = LineField(
        label=gettext_lazy("For whom"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    key = forms.UUIDField(initial=uuid7, required=False, widget=forms.HiddenInput)
    """Of this page: whoever sends it again, by Back or by reloading, makes no second gift."""
    field_order = ["amount", "recipient_name", "reason"]

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].currency = currency  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
@manager_at_the_till
def goodwill(request: TillRequest) -> HttpResponse:
    brand = request.device.brand
    form = GoodwillForm(request.POST if request.method == "POST" else None, currency=brand.currency)
    if not form.is_valid():
        return _page(request, form, status=422 if form.is_bound else 200)
    now = timezone.now()
    try:
        code = issue_goodwill_gift(
            staff=request.staff,
            amount=form.cleaned_data["amount"],
            label=_("On the house"),
            reason=form.cleaned_data["reason"],
            recipient_name=form.cleaned_data["recipient_name"],
            key=form.cleaned_data["key"],
            device=request.device,
            now=now,
        )
    except ActRefused as refused:
        return _page(request, form, problem=str(refused.reason.label), status=409)
    is_again = code.goodwill.given_at < now
    shown = _shown(code)
    if shown is None:  # sent again a day after it was spent
        return _page(request, form, problem=_("This gift was made before, and used."), status=409)
    status = 200 if is_again else 201
    return _page(request, form, issued=code, is_again=is_again, status=status, **shown)


def _shown(code: Code) -> dict[str, Any] | None:
    symbols = code.reveal()
    if symbols is None:
        return None
    return {
        "svg": qr.svg(symbols),
        "groups": code_format.grouped(symbols).split("-"),
    }


def _page(
    request: TillRequest, form: GoodwillForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = place(request, "gifts", form=form, limit=request.device.brand.void_limit, **more)
    return render(request, "redemption/manager/goodwill.html", context, status=status)
