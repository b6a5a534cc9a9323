"""The sender's private page: each gift's state, live, and the links that are theirs to pass on."""

import hashlib
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe
from django_scopes import scope, scopes_disabled

from giftshop import wrong_links, zones
from giftshop.catalog.brands import speak
from giftshop.order_page import progress
from giftshop.orders import own_drafts
from giftshop.orders.models import Order

PAGE = "giftshop/order_page/order.html"
PART = f"{PAGE}#gifts"
SECONDS_WHILE_MOVING = 4
SECONDS_WHILE_QUIET = 20
NOTHING_NEW = 204
CLOCK_COOKIE = "clock"
PAYABLE = {
    Order.Payment.OPEN,
    Order.Payment.DECLINED,
    Order.Payment.FAILED,
    Order.Payment.CLOSED,
    Order.Payment.SENT_BACK,
}
"""Not while a debit is under way: nobody should pay twice."""


@require_safe
def order(request: HttpRequest, token: str) -> HttpResponse:
    """The page; for htmx only its living part, or 204 while it is what `?seen=` says was shown."""
    with scopes_disabled():
        found = Order.objects.with_token(token).select_related("brand", "terms").first()
    if found is None:
        return _kept_private(wrong_links.refuse(request, _nothing_here()))
    speak(request, found.brand)
    with scope(brand=found.brand):
        context = _context(request, found, token)
        if request.htmx:  # type: ignore[attr-defined]
            return _kept_private(_part(request, context))
        return _kept_private(render(request, PAGE, context))


def _nothing_here() -> HttpResponse:
    """The same bytes for everyone: rendered without the request, so not even a form token differs."""
    return HttpResponse(render_to_string("404.html"), status=404)


def _part(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    seen = request.GET.get("seen", "")
    if seen == context["version"]:
        return HttpResponse(status=NOTHING_NEW)
    said = _said(seen, context["version"], [item for item, _link in context["gifts"]])
    return HttpResponse(render_to_string(PART, {**context, "said": said}, request))


def _context(request: HttpRequest, order: Order, token: str) -> dict[str, Any]:
    """Two queries beside the order's: gifts and redemptions. One that is not paid asks the session, too."""
    gifts = list(order.gifts.with_everything())
    for gift in gifts:
        gift.order = order
    clock = _clock(request, order)
    told = progress.of_gifts(gifts, clock)
    is_settled = order.state == Order.State.CANCELLED or (
        order.state == Order.State.PAID and all(item.is_settled for item in told)
    )
    again = _pay_again(request, order)
    moving = (order.state == Order.State.PENDING and order.payment == Order.Payment.OPEN) or any(
        item.state in ("waiting", "ready") and not item.passes_on_link for item in told
    )
    return {
        "brand": order.brand,
        "order": order,
        "number": order.number,
        "gifts": [(item, _link(item)) for item in told],
        "address": reverse("order", kwargs={"token": token}),
        "is_settled": is_settled,
        "seconds": SECONDS_WHILE_MOVING if moving else SECONDS_WHILE_QUIET,
        "clock": clock,
        "pay_again": again,
        "version": _version(order, told, is_settled, again),
    }


def _clock(request: HttpRequest, order: Order) -> progress.Clock:
    """The reader's, as static/js/give/clock.js told it."""
    told = request.COOKIES.get(CLOCK_COOKIE, "")
    if zones.is_zone(told):
        return progress.Clock(told, is_readers=True)
    return progress.Clock(order.brand.time_zone, is_readers=False)


def _pay_again(request: HttpRequest, order: Order) -> str:
    """The pay page of the order's draft, for the browser that made it; empty for any other, and where
    there is nothing to pay."""
    if order.state != Order.State.PENDING or order.payment not in PAYABLE:
        return ""
    if not own_drafts.is_own(request, order.draft_id):
        return ""
    return reverse("give-pay", args=[order.brand.slug, order.draft_id])


def _link(item: progress.Progress) -> str:
    """The gift page's address, for the sender to pass on; empty when it is not theirs to send."""
    if not item.passes_on_link:
        return ""
    return settings.BASE_URL + reverse("gift", args=[item.gift.link_token()])


def _version(order: Order, told: list[progress.Progress], is_settled: bool, pay_again: str) -> str:
    """Changes whenever the living part would look different: a mark for the order's payment, whether all
    is done, the way to pay, and two for each gift (its state, its thanks), joined by dots."""
    shown: list[Any] = [(order.state, order.payment), is_settled, pay_again]
    for item in told:
        shown += [(item.state, item.title, item.text), item.gift.thanks]
    return ".".join(hashlib.sha256(repr(part).encode()).hexdigest()[:8] for part in shown)


@dataclass(frozen=True)
class Said:
    """What is said aloud of a part that was swapped in: only what is not as it was seen."""

    head: bool
    states: frozenset[UUID]
    thanks: frozenset[UUID]


def _said(seen: str, version: str, told: list[progress.Progress]) -> Said:
    """`seen` and `version` are as `_version` makes them; of a `seen` that is none, nothing is said.

    A payment that came or failed is one thing to say, though it changes every gift's state.
    """
    before, now = seen.split("."), version.split(".")
    if len(before) != len(now):
        return Said(head=False, states=frozenset(), thanks=frozenset())
    is_new = [old != new for old, new in zip(before, now, strict=True)]
    paid, settled, _pay_again, *gifts = is_new
    keys = [item.gift.pk for item in told]
    return Said(
        head=paid or settled,
        states=frozenset(k for k, new in zip(keys, gifts[::2], strict=True) if new and not paid),
        thanks=frozenset(k for k, new in zip(keys, gifts[1::2], strict=True) if new),
    )


def _kept_private(response: HttpResponse) -> HttpResponse:
    """The address is a secret: it goes to no other site and no index."""
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
