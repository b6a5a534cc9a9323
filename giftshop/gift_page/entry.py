"""The way in for one more phone: a code is asked for, comes by mail, and is typed."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from giftshop.gift_page.access import (
    GiftRequest,
    back,
    gift_page,
    is_opened_elsewhere,
    remember_unwrapping,
)
from giftshop.gift_page.context import elsewhere
from giftshop.gift_page.forms import OtherPhoneForm
from giftshop.gift_page.views import ELSEWHERE
from giftshop.http.rate_limits import too_often
from giftshop.openings import codes
from giftshop.openings.codes import Entry


@require_POST
@gift_page
def opening_code(request: GiftRequest, token: str) -> HttpResponse:
    """Send a code to one of those whose mail we know; whom else is asked for is nobody."""
    now = timezone.now()
    asked = request.POST.get("reader", "")
    if is_opened_elsewhere(request) and asked in codes.readers(request.gift):
        wait = codes.ask(gift=request.gift, reader=codes.Reader(asked), now=now)
        if wait:
            return too_often(cast(HttpRequest, request), wait)
    return back(token)


@require_POST
@gift_page
def entry(request: GiftRequest, token: str) -> HttpResponse:
    """The right digits let this browser in, as if it had opened the gift."""
    if not is_opened_elsewhere(request):
        return back(token)
    now, form = timezone.now(), OtherPhoneForm(request.POST)
    if form.is_valid():
        became = codes.enter(gift=request.gift, typed=form.cleaned_data["code"], now=now)
        if became == Entry.RIGHT:
            response = back(token)
            remember_unwrapping(request, response, token)
            return response
        form.add_error(
            "code",
            _("That is not the code. Look at the newest e-mail.")
            if became == Entry.WRONG
            else _("That code is over. Ask for another one."),
        )
    form.fields["code"].widget.attrs["autofocus"] = True
    shown = {**elsewhere(request.gift, now), "form": form}
    return render(cast(HttpRequest, request), ELSEWHERE, shown, status=422)
