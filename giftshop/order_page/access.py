"""How one enters an order's page: by its secret, and no other way.

As with a gift's page the address is the authority and no cookie is, so what is posted here needs no CSRF
token, and could not have one: under `no-referrer` browsers send `Origin: null` with a form.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django_scopes import scope, scopes_disabled

from giftshop import wrong_links, zones
from giftshop.catalog.brands import speak
from giftshop.order_page.clock import Clock
from giftshop.orders.models import Order

CLOCK_COOKIE = "clock"

View = Callable[..., HttpResponse]


class OrderRequest(HttpRequest):
    """A request for one order whose secret was shown."""

    order: Order
    htmx: Any


def order_page(view: View) -> View:
    """For views of `<str:token>`: puts `order`, with its brand, on the request and enters the scope. One
    query."""

    @csrf_exempt
    @wraps(view)
    def entered(request: Any, token: str, *args: Any, **kwargs: Any) -> HttpResponse:
        with scopes_disabled():
            orders = Order.objects.with_token(token)
            found = orders.select_related("brand", "terms").first()
        if found is None:
            return _kept_private(wrong_links.refuse(request, _nothing_here()))
        request.order = found
        speak(request, found.brand)
        with scope(brand=found.brand):
            return _kept_private(view(request, token, *args, **kwargs))

    return entered


def back(token: str, part: str = "") -> HttpResponseRedirect:
    """To the order's page, where a part of it stands: after something was sent."""
    response = HttpResponseRedirect(reverse("order", args=[token]) + (part and f"#{part}"))
    response.status_code = 303
    return response


def clock(request: OrderRequest) -> Clock:
    """The reader's, as static/js/give/clock.js told it."""
    told = request.COOKIES.get(CLOCK_COOKIE, "")
    if zones.is_zone(told):
        return Clock(told, is_readers=True)
    return Clock(request.order.brand.time_zone, is_readers=False)


def _nothing_here() -> HttpResponse:
    """The same bytes for everyone: rendered without the request, so not even a form token differs."""
    return HttpResponse(render_to_string("giftshop/order_page/nothing_here.html"), status=404)


def _kept_private(response: HttpResponse) -> HttpResponse:
    """The address is a secret: it goes to no other site and no index."""
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
