"""The sender's private page: each gift's state, live, and the links that are theirs to pass on."""

import hashlib
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe
from django_scopes import scope, scopes_disabled

from giftshop import wrong_links
from giftshop.orders import progress
from giftshop.orders.finding import order_number
from giftshop.orders.models import Order

PAGE = "giftshop/orders/order.html"
PART = f"{PAGE}#gifts"
SECONDS_WHILE_MOVING = 4
SECONDS_WHILE_QUIET = 20
NOTHING_NEW = 204


@require_safe
def order(request: HttpRequest, token: str) -> HttpResponse:
    """The page; for htmx only its living part, or 204 while it is what `?seen=` says was shown."""
    with scopes_disabled():
        found = Order.objects.with_token(token).select_related("brand").first()
    if found is None:
        return _kept_private(wrong_links.refuse(request, _nothing_here()))
    with scope(brand=found.brand):
        context = _context(found, token)
        if request.htmx:  # type: ignore[attr-defined]
            return _kept_private(_part(request, context))
        return _kept_private(render(request, PAGE, context))


def _nothing_here() -> HttpResponse:
    """The same bytes for everyone: rendered without the request, so not even a form token differs."""
    return HttpResponse(render_to_string("404.html"), status=404)


def _part(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    if request.GET.get("seen") == context["version"]:
        return HttpResponse(status=NOTHING_NEW)
    return HttpResponse(render_to_string(PART, context, request))


def _context(order: Order, token: str) -> dict[str, Any]:
    """Three queries beside the order's: gifts, redemptions, and nothing more."""
    gifts = list(order.gifts.with_everything())
    for gift in gifts:
        gift.order = order
    told = progress.of_gifts(gifts)
    is_settled = order.state == Order.State.CANCELLED or (
        order.state == Order.State.PAID and all(item.is_settled for item in told)
    )
    moving = order.state == Order.State.PENDING or any(
        item.state in ("waiting", "ready") and not item.passes_on_link for item in told
    )
    return {
        "brand": order.brand,
        "order": order,
        "number": order_number(order),
        "gifts": [(item, _link(item)) for item in told],
        "address": reverse("order", kwargs={"token": token}),
        "is_settled": is_settled,
        "seconds": SECONDS_WHILE_MOVING if moving else SECONDS_WHILE_QUIET,
        "version": _version(order, told, is_settled),
    }


def _link(item: progress.Progress) -> str:
    """The gift page's address, for the sender to pass on; empty when it is not theirs to send."""
    if not item.passes_on_link:
        return ""
    return settings.BASE_URL + reverse("gift", args=[item.gift.link_token()])


def _version(order: Order, told: list[progress.Progress], is_settled: bool) -> str:
    """Changes whenever the living part would look different."""
    shown = [order.state, is_settled, *((p.state, p.title, p.text, p.gift.thanks) for p in told)]
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:16]


def _kept_private(response: HttpResponse) -> HttpResponse:
    """The address is a secret: it goes to no other site and no index."""
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
