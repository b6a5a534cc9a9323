"""A card to print, from the order's page. GET warns what paper means; POST notes it and makes the card."""

from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from giftshop.http.outside_calls import NoAnswer
from giftshop.order_page.access import OrderRequest, order_page
from giftshop.orders.print_card import is_printable, note_printed
from giftshop.pictures.views import RETRY_SECONDS
from giftshop.printed_cards import of_gift
from giftshop.printed_cards.card import draw

PAGE = "giftshop/order_page/card.html"


@require_http_methods(["GET", "HEAD", "POST"])
@order_page
def card(request: OrderRequest, token: str, position: int) -> HttpResponse:
    now = timezone.now()
    gift = get_object_or_404(request.order.gifts.with_everything(), position=position)
    if gift.code is None:
        raise Http404
    context = {
        "brand": request.order.brand,
        "gift": gift,
        "token": token,
        "address": reverse("order-gift-card", args=[token, position]),
        "may": is_printable(gift, now),
        "stays_off": of_gift.stays_off(gift),
    }
    if request.method != "POST":
        return render(cast(HttpRequest, request), PAGE, context)
    try:
        sheet = of_gift.card(gift, gift.code, gift.code.reveal() or "") if context["may"] else None
    except NoAnswer:
        return HttpResponse(status=503, headers={"Retry-After": str(RETRY_SECONDS)})
    if sheet is None or not note_printed(gift=gift, now=now):
        return render(cast(HttpRequest, request), PAGE, {**context, "may": False}, status=409)
    return HttpResponse(
        draw(sheet),
        content_type="application/pdf",
        headers={"Content-Disposition": 'attachment; filename="gift-card.pdf"'},
    )
