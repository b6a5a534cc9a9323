"""The sender says why they came, from the page of a paid order."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from giftshop.order_page.access import OrderRequest, back, order_page
from giftshop.order_page.views import PAGE, page_context
from giftshop.reasons import answer, asked


@require_POST
@order_page
def order_reasons(request: OrderRequest, token: str) -> HttpResponse:
    """Once; said again, or where nobody is asked, it changes nothing."""
    now, found = timezone.now(), asked.sender(request.order, request.POST)
    if found is None or found.form is None:
        return back(token, "reasons")
    if found.form.is_valid():
        answer.of_sender(order_id=request.order.pk, ranks=found.form.ranks, now=now)
        return back(token, "reasons")
    shown = {**page_context(request, token), "reasons": found}
    return render(cast(HttpRequest, request), PAGE, shown, status=422)
