"""The page on which a sender takes gifts back: it lists them, and a second step confirms.

GET changes nothing; what is ticked in its address stays ticked, so that the sum follows each tick.
"""

from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from core.bidi import isolated
from giftshop.order_page import withdrawal_words
from giftshop.order_page.access import OrderRequest, back, order_page
from giftshop.refunds import withdraw
from giftshop.refunds.ask import AskRefused
from giftshop.refunds.credit.worth import with_worth
from giftshop.refunds.withdraw import Barrier, Standing, WithdrawalRefused
from redemption.codes.acts import ActRefused

PAGE = "giftshop/order_page/withdrawal.html"


class WithdrawalForm(forms.Form):
    gifts = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Which gifts?"),
        coerce=UUID,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Tick at least one gift."),
            "invalid_choice": gettext_lazy("This gift is of another order."),
        },
    )

    def __init__(self, *args: Any, standings: list[Standing], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["gifts"]).choices = [
            (str(each.gift.pk), str(each.gift.pk)) for each in standings
        ]


@dataclass(frozen=True)
class Choice:
    """A gift that may go, with its box."""

    standing: Standing
    box: Any


@require_http_methods(["GET", "HEAD", "POST"])
@order_page
def withdrawal(request: OrderRequest, token: str) -> HttpResponse:
    standings = _standings(request)
    if request.method != "POST":
        return _shown(request, token, standings, _ticked(request, standings))
    form = WithdrawalForm(request.POST, standings=standings)
    if _was_done(request, standings):
        return back(token, "money")
    if not form.is_valid():
        return _shown(request, token, standings, form, status=422)
    try:
        withdraw.withdraw(
            order=request.order, gift_ids=form.cleaned_data["gifts"], now=timezone.now()
        )
    except WithdrawalRefused as refused:
        if _was_done(request, _standings(request)):  # two clicks at the same moment
            return back(token, "money")
        form.add_error(None, _not_all(standings, refused))
    except (AskRefused, ActRefused) as refused:
        form.add_error(None, str(refused.reason.label))
    else:
        return back(token, "money")
    return _shown(request, token, _standings(request), form, status=409)


def _standings(request: OrderRequest) -> list[Standing]:
    """Four queries."""
    gifts = with_worth(request.order.gifts.with_everything())
    for gift in gifts:
        gift.order = request.order
    return withdraw.standings(
        request.order,
        gifts,
        used=withdraw.used_codes(gifts),
        going=withdraw.going(gifts),
        now=timezone.now(),
    )


def _ticked(request: OrderRequest, standings: list[Standing]) -> WithdrawalForm:
    """All, at first."""
    known = {str(each.gift.pk) for each in standings if each.may_go}
    asked = known & set(request.GET.getlist("gifts")) if request.htmx else known
    return WithdrawalForm(initial={"gifts": sorted(asked)}, standings=standings)


def _was_done(request: OrderRequest, standings: list[Standing]) -> bool:
    """A double click, Back or a second tab: all that is asked for is going back already."""
    asked = set(request.POST.getlist("gifts"))
    done = {Barrier.GOING_BACK, Barrier.CANCELLED}
    return bool(asked) and asked <= {
        str(each.gift.pk) for each in standings if each.barrier in done
    }


def _not_all(standings: list[Standing], refused: WithdrawalRefused) -> str:
    said = [_("Nothing was taken back yet, because this has changed meanwhile:")]
    for each in standings:
        if barrier := refused.barriers.get(each.gift.pk):
            name = isolated(each.gift.recipient.short_name)
            said.append(_("The gift for %(name)s: %(why)s") % {"name": name, "why": barrier.label})
    said.append(_("Look through the rest and confirm again."))
    return " ".join(said)


def _shown(
    request: OrderRequest,
    token: str,
    standings: list[Standing],
    form: WithdrawalForm,
    status: int = 200,
) -> HttpResponse:
    by_id = {str(each.gift.pk): each for each in standings if each.may_go}
    ticked = {str(key) for key in form["gifts"].value() or ()}
    choices = [
        Choice(by_id[box.data["value"]], box) for box in form["gifts"] if box.data["value"] in by_id
    ]
    context = {
        "brand": request.order.brand,
        "order": request.order,
        "number": request.order.number,
        "token": token,
        "words": withdrawal_words.of_brand(request.order.brand),
        "form": form,
        "choices": choices,
        "kept": [each for each in standings if not each.may_go],
        "sum": sum(each.amount for key, each in by_id.items() if key in ticked),
        "address": reverse("order-withdrawal", args=[token]),
    }
    if request.htmx:
        return HttpResponse(render_to_string(f"{PAGE}#sum", context, cast(HttpRequest, request)))
    return render(cast(HttpRequest, request), PAGE, context, status=status)
