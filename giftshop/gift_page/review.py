"""The recipient says how it was, from the page of a gift that they enjoyed."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from core.forms.version import SavedSince
from giftshop.gift_page.access import GiftRequest, back, gift_page, is_unwrapped_here
from giftshop.gift_page.context import opened
from giftshop.gift_page.forms import ReviewForm
from giftshop.reviews.models import Review
from giftshop.reviews.write import ReviewRefusal, ReviewRefused, Said, take_back, write


@require_POST
@gift_page
def review(request: GiftRequest, token: str) -> HttpResponse:
    form = ReviewForm.of(_kept(request), request.POST)
    if not is_unwrapped_here(request):
        return back(token, "review")
    if form.is_valid():
        said = form.cleaned_data
        name = request.gift.recipient.short_name if said["with_name"] else ""
        words = Said(
            stars=said["stars"], words=said["said"], name=name, language=get_language() or "en"
        )
        try:
            write(gift_id=request.gift.pk, said=words, now=timezone.now(), seen=form.seen)
            return back(token, "review")
        except SavedSince:
            form = ReviewForm.of(_kept(request), request.POST)
            form.show_over_saved()
        except ReviewRefused as refused:
            if refused.reason == ReviewRefusal.NOT_ENJOYED:
                return back(token, "review")
            form.add_error("stars", refused.reason.label)
    shown: dict[str, Any] = {**opened(request.gift), "review_form": form}
    if shown["fate"] != "enjoyed":
        return back(token, "review")
    return render(cast(HttpRequest, request), "giftshop/gift_page/gift.html", shown)


def _kept(request: GiftRequest) -> Review | None:
    return Review.objects.filter(gift=request.gift).first()


@require_POST
@gift_page
def review_removal(request: GiftRequest, token: str) -> HttpResponse:
    if is_unwrapped_here(request):
        take_back(gift_id=request.gift.pk, now=timezone.now())
    return back(token, "review")
