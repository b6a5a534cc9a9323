"""The recipient gives the gift back: a page that asks once, and the act."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from giftshop.gift_page.access import GiftRequest, back, gift_page, is_unwrapped_here
from giftshop.gift_page.context import money_back
from giftshop.gift_page.forms import GiveBackForm
from giftshop.refunds.ask import AskRefused
from giftshop.refunds.give_back import GiveBackRefused, barrier, give_back
from redemption.codes.acts import ActRefused


@require_http_methods(["GET", "HEAD", "POST"])
@gift_page
def gift_return(request: GiftRequest, token: str) -> HttpResponse:
    """Twice is once: a second click, or Back, leads to the gift that says so."""
    if not is_unwrapped_here(request) or money_back(request.gift, request.code):
        return back(token)
    now, status = timezone.now(), 200
    no = barrier(request.gift, now)
    why = str(no.label) if no else ""
    form = GiveBackForm(request.POST if request.method == "POST" else None)
    if form.is_bound and not form.is_valid():
        status = 422
    elif form.is_bound:
        try:
            give_back(gift=request.gift, may_tell=form.cleaned_data["tell"] == "return", now=now)
            return back(token)
        except (GiveBackRefused, AskRefused, ActRefused) as refused:
            why, status = str(refused.reason.label), 409
    context = {
        "brand": request.brand,
        "gift": request.gift,
        "token": token,
        "sender": request.gift.order.sender,
        "form": form,
        "why": why,
    }
    page = "giftshop/gift_page/return.html"
    return render(cast(HttpRequest, request), page, context, status=status)
