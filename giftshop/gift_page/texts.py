"""A recipient says at which number the brand may text them, or write by WhatsApp: asked here, answered
from that phone."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from giftshop.gift_page.access import GiftRequest, back, gift_page, is_unwrapped_here
from giftshop.gift_page.context import opened, page_of, texts_asked
from giftshop.gift_page.forms import NumberForm
from giftshop.texts.consent import ConsentRefused, ask
from giftshop.texts.ways import ways_of


@require_POST
@gift_page
def gift_texts(request: GiftRequest, token: str) -> HttpResponse:
    """One message goes to that number; nothing else does before it is answered YES."""
    ways = ways_of(request.brand)
    if not is_unwrapped_here(request) or not ways:
        return back(token, "texts")
    form = NumberForm(request.POST, brand=request.brand, ways=ways)
    if form.is_valid():
        try:
            ask(
                brand=request.brand,
                number=form.cleaned_data["phone"],
                page=page_of(request.gift),
                now=timezone.now(),
                channel=form.channel,
            )
            return back(token, "texts")
        except ConsentRefused as refused:
            form.add_error("phone", str(refused.reason.label))
    shown = {**opened(request.gift), "texts": texts_asked(request.gift, form)}
    page = "giftshop/gift_page/gift.html"
    return render(cast(HttpRequest, request), page, shown, status=422)
