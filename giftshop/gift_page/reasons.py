"""The recipient says why they come, once they had their gift or said thanks."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from giftshop.gift_page.access import GiftRequest, back, gift_page, is_unwrapped_here
from giftshop.gift_page.context import opened
from giftshop.gift_page.views import PAGE
from giftshop.reasons import answer, asked


@require_POST
@gift_page
def gift_reasons(request: GiftRequest, token: str) -> HttpResponse:
    """Once; said again, or where nobody is asked, it changes nothing."""
    if not is_unwrapped_here(request):
        return back(token)
    now, found = timezone.now(), asked.recipient(request.gift, request.POST)
    if found is None or found.form is None:
        return back(token, "reasons")
    if found.form.is_valid():
        answer.of_recipient(gift_id=request.gift.pk, ranks=found.form.ranks, now=now)
        return back(token, "reasons")
    shown = {**opened(request.gift), "reasons": found}
    return render(cast(HttpRequest, request), PAGE, shown, status=422)
