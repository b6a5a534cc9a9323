"""The page on which a sender says what becomes of a gift that nobody opened. GET changes nothing."""

from typing import cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from giftshop.order_page.access import OrderRequest, back, order_page
from giftshop.refunds.ask import AskRefused
from giftshop.reminders import answer
from giftshop.reminders.answer import AnswerRefused
from redemption.codes.acts import ActRefused


@require_http_methods(["GET", "HEAD", "POST"])
@order_page
def unopened(request: OrderRequest, token: str, gift_id: UUID) -> HttpResponse:
    """What was answered or is over leads back. Two queries beside the order's; a gift of another order leads
    back, too."""
    gift = request.order.gifts.with_everything().filter(pk=gift_id).first()
    now = timezone.now()
    if gift is None or not answer.is_asked(gift, now):
        return back(token)
    why, status = "", 200
    if request.method == "POST":
        try:
            if request.POST.get("act") == "back":
                answer.money_back(order=request.order, gift=gift, now=now)
                return back(token, "money")
            if request.POST.get("act") == "leave":
                answer.leave(gift=gift)
                return back(token)
            status = 422
        except (AnswerRefused, AskRefused, ActRefused) as refused:
            why, status = str(refused.reason.label), 409
    context = {
        "brand": request.order.brand,
        "order": request.order,
        "token": token,
        "gift": gift,
        "code": gift.code,
        "since": max(filter(None, (gift.sent_at, gift.deliver_at, request.order.paid_at))),
        "why": why,
    }
    page = "giftshop/order_page/unopened.html"
    return render(cast(HttpRequest, request), page, context, status=status)
