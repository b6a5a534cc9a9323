"""The sender's private page: each gift's state, live, and the links that are theirs to pass on."""

import hashlib
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from giftshop.offers import purchase
from giftshop.openings import sender_browsers
from giftshop.order_page import access, by_hand, may, money_back, progress, withdrawal_words
from giftshop.order_page.access import OrderRequest, back, order_page
from giftshop.orders import own_drafts, vat
from giftshop.orders.models import Order
from giftshop.orders.pass_on import pass_on
from giftshop.reasons import asked
from giftshop.refunds import withdraw
from giftshop.refunds.credit.worth import on_credits

PAGE = "giftshop/order_page/order.html"
PART = f"{PAGE}#gifts"
SECONDS_WHILE_MOVING = 4
SECONDS_WHILE_QUIET = 20
NOTHING_NEW = 204
PAYABLE = {
    Order.Payment.OPEN,
    Order.Payment.DECLINED,
    Order.Payment.FAILED,
    Order.Payment.CLOSED,
    Order.Payment.SENT_BACK,
}
"""Not while a debit is under way: nobody should pay twice."""


@require_safe
@order_page
def order(request: OrderRequest, token: str) -> HttpResponse:
    """The page; for htmx only its living part, or 204 while it is what `?seen=` says was shown."""
    context = page_context(request, token)
    if request.htmx:
        return _part(request, context)
    response = render(cast(HttpRequest, request), PAGE, context)
    sender_browsers.remember(response, request.order.pk)
    return response


@require_POST
@order_page
def passing_on(request: OrderRequest, token: str, position: int) -> HttpResponse:
    """The sender sent the link themselves. Saying so again, or of an opened gift, changes nothing."""
    gift = get_object_or_404(request.order.gifts.only("position"), position=position)
    pass_on(order=request.order, gift_id=gift.pk, now=timezone.now())
    return back(token, f"gift-{gift.position}")


def _part(request: OrderRequest, context: dict[str, Any]) -> HttpResponse:
    seen = request.GET.get("seen", "")
    if seen == context["version"]:
        return HttpResponse(status=NOTHING_NEW)
    told = [ticket.item for ticket in context["tickets"]]
    said = _said(seen, context["version"], told)
    return HttpResponse(render_to_string(PART, {**context, "said": said}, request))


@dataclass(frozen=True)
class Ticket:
    """A gift on the page."""

    item: progress.Progress
    hand: by_hand.Hand | None
    """How its sender passes it on; None where that is of no use."""
    may: may.May
    until: str
    """Until when the sender may take it back, in words, unless that is said of all."""


def page_context(request: OrderRequest, token: str) -> dict[str, Any]:
    """Three queries beside the order's: gifts, redemptions, refunds; one more for gifts that are on their
    way, one where money goes back, one where something was earned, and one whether its sender said why they
    came. One that is not paid asks the session, too."""
    order, clock, now = request.order, access.clock(request), timezone.now()
    gifts = list(order.gifts.with_everything())
    for gift in gifts:
        gift.order = order
    refunds = money_back.read(order)
    worth = on_credits(gifts, refunds.credits)
    redemptions = progress.redemptions_of([*gifts, *worth])
    told = progress.of_gifts(gifts, redemptions, refunds, progress.arrivals_of(gifts), clock)
    money = money_back.in_words(refunds, order, gifts, clock)
    is_settled = not any(each.is_under_way for each in money) and (
        order.state == Order.State.CANCELLED
        or (order.state == Order.State.PAID and all(item.is_settled for item in told))
    )
    standings = withdraw.standings(
        order, worth, used=set(redemptions), going=refunds.going, now=now
    )
    until_all = withdrawal_words.until_all(standings)
    tickets = [
        Ticket(
            item,
            hand,
            may.of_gift(item.gift, now),
            "" if until_all else withdrawal_words.until(each, clock),
        )
        for item, hand, each in zip(told, by_hand.of(told, token, now), standings, strict=True)
    ]
    again = _pay_again(request, order)
    moving = (order.state == Order.State.PENDING and order.payment == Order.Payment.OPEN) or any(
        item.state in ("waiting", "ready", "going_back") and item.hand != "first" for item in told
    )
    return {
        "brand": order.brand,
        "order": order,
        "number": order.number,
        "vat": vat.of_gifts(item.gift for item in told),
        "extra": purchase.given_to(order.pk) if order.offer_id else None,
        "tickets": tickets,
        "money": money,
        "may_go": any(each.may_go for each in standings),
        "until_all": until_all,
        "withdrawal": withdrawal_words.of_brand(order.brand),
        "address": reverse("order", kwargs={"token": token}),
        "token": token,
        "is_settled": is_settled,
        "seconds": SECONDS_WHILE_MOVING if moving else SECONDS_WHILE_QUIET,
        "clock": clock,
        "pay_again": again,
        "reasons": None if request.htmx else asked.sender(order),
        "version": _version(order, tickets, is_settled, again + until_all, money),
    }


def _pay_again(request: OrderRequest, order: Order) -> str:
    """The pay page of the order's draft, for the browser that made it; empty for any other, and where
    there is nothing to pay."""
    if order.state != Order.State.PENDING or order.payment not in PAYABLE:
        return ""
    if not own_drafts.is_own(request, order.draft_id):
        return ""
    return reverse("give-pay", args=[order.brand.slug, order.draft_id])


def _version(
    order: Order,
    tickets: list[Ticket],
    is_settled: bool,
    may_go: str,
    money: list[money_back.MoneyBack],
) -> str:
    """Changes whenever the living part would look different: a mark for the order's payment, whether all
    is done, what its sender may do, the money that goes back, and two for each gift (its state, its thanks),
    joined by dots."""
    shown: list[Any] = [
        (order.state, order.payment),
        is_settled,
        (may_go, [ticket.until for ticket in tickets]),
        [(each.title, each.text) for each in money],
    ]
    for ticket in tickets:
        item = ticket.item
        told = (
            item.state,
            item.title,
            item.text,
            item.gift.recipient.name,
            ticket.hand,
            ticket.may,
            item.is_asked,
        )
        shown += [told, item.gift.thanks]
    return ".".join(hashlib.sha256(repr(part).encode()).hexdigest()[:8] for part in shown)


@dataclass(frozen=True)
class Said:
    """What is said aloud of a part that was swapped in: only what is not as it was seen."""

    head: bool
    money: bool
    """The latest that happened to it."""
    states: frozenset[UUID]
    thanks: frozenset[UUID]


def _said(seen: str, version: str, told: list[progress.Progress]) -> Said:
    """`seen` and `version` are as `_version` makes them; of a `seen` that is none, nothing is said.

    A payment that came or failed is one thing to say, though it changes every gift's state; so is money that
    goes back.
    """
    before, now = seen.split("."), version.split(".")
    if len(before) != len(now):
        return Said(head=False, money=False, states=frozenset(), thanks=frozenset())
    is_new = [old != new for old, new in zip(before, now, strict=True)]
    paid, settled, _may, money, *gifts = is_new
    keys = [item.gift.pk for item in told]
    quiet = {item.gift.pk for item in told if paid or (money and item.is_about_money)}
    return Said(
        head=paid or settled,
        money=money,
        states=frozenset(
            k for k, new in zip(keys, gifts[::2], strict=True) if new and k not in quiet
        ),
        thanks=frozenset(k for k, new in zip(keys, gifts[1::2], strict=True) if new),
    )
