"""How one enters the pages of one gift of an order: by the order's secret."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpResponse, HttpResponseRedirect

from giftshop.order_page import access as order_access
from giftshop.order_page.access import OrderRequest, order_page
from giftshop.orders.models import Gift


class GiftRequest(OrderRequest):
    """A request about one gift of an order whose secret was shown."""

    gift: Gift


def gift_of_order(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For views of `<str:token>` and `<int:position>`: puts `gift`, with everything, on the request. Two
    queries."""

    @order_page
    @wraps(view)
    def entered(request: GiftRequest, token: str, position: int) -> HttpResponse:
        request.gift = read(request, position)
        return view(request, token, position)

    return entered


def read(request: OrderRequest, position: int) -> Gift:
    """As it is by now. One query. Raises Http404."""
    gift = request.order.gifts.with_everything().filter(position=position).first()
    if gift is None:
        raise Http404
    gift.order = request.order
    return gift


def back(token: str, position: int) -> HttpResponseRedirect:
    """To where the order's page shows the gift."""
    return order_access.back(token, f"gift-{position}")
