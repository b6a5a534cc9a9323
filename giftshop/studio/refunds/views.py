"""Money that goes back, and what banks ask for: what waits for a person, what is owed, and all of it."""

from collections import Counter
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from giftshop.accounts.access import BrandRequest, member_of_brand
from giftshop.accounts.permissions import Permission
from giftshop.orders import numbers
from giftshop.orders.models import Order
from giftshop.payments.models import Payment
from giftshop.refunds.models import Dispute, Refund
from giftshop.refunds.open_items import open_items
from giftshop.refunds.open_items.all_owed import all_owed
from giftshop.studio.audit import log
from giftshop.studio.pages import page_of
from giftshop.studio.refunds.forms import (
    ClearanceForm,
    GoodwillDecisionForm,
    RefundForm,
    Sent,
)
from giftshop.studio.refunds.order_money import OrderMoney, read

PER_PAGE = 25
LIST_MAX = 100
FOUND_MAX = 20
HISTORY_MAX = 50

seeing = member_of_brand(Permission.SEE_MONEY)


@never_cache
@require_safe
@seeing
def money_back(request: BrandRequest) -> HttpResponse:
    """15 queries, however much there is."""
    words = request.GET.get("q", "")[: numbers.LENGTH_MAX]
    number = numbers.read(words)
    show = "disputes" if request.GET.get("show") == "disputes" else "refunds"
    now = timezone.now()
    owed = all_owed(request.brand)
    sums: Counter[str] = Counter()
    for each in owed:
        sums[each.currency] += each.amount
    context: dict[str, Any] = {
        **common(request),
        "now": now,
        "words": words,
        "found": list(Order.objects.with_number(number).order_by("-placed_at")[:FOUND_MAX])
        if number
        else [],
        "unclear": open_items.unclear()[:LIST_MAX],
        "undecided": open_items.undecided()[:LIST_MAX],
        "not_sent": open_items.not_sent()[:LIST_MAX],
        "to_answer": [(row, row.days_left(now)) for row in open_items.to_answer(now)[:LIST_MAX]],
        "lost": open_items.lost()[:LIST_MAX],
        "warnings": open_items.warnings()[:LIST_MAX],
        "owed": owed[:LIST_MAX],
        "owed_sums": [(amount, currency) for currency, amount in sums.items()],
        "show": show,
        "page": page_of(
            _rows(show, number if words else None), request.GET.get("page"), size=PER_PAGE
        ),
    }
    return render(request, "giftshop/studio/refunds/list.html", context)


@never_cache
@require_safe
@seeing
def order_money(request: BrandRequest, order_id: UUID) -> HttpResponse:
    return page(request, find(order_id))


def find(order_id: UUID) -> Order:
    """Only an order that somebody paid for has a page of its money."""
    orders = Order.objects.select_related("brand")
    return get_object_or_404(
        orders.filter(payments__state__in=Payment.MONEY_CAME).distinct(), pk=order_id
    )


def page(
    request: BrandRequest,
    order: Order,
    *,
    sent: Sent | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """`sent`: see forms.Sent."""
    money = read(order)
    context: dict[str, Any] = {
        **common(request),
        "order": order,
        "money": money,
        "problem": problem,
    }
    if Permission.MOVE_MONEY in request.may:
        context |= {
            **_forms(request, money, sent or {}),
            "history": log.about(brand=request.brand, subjects=_subjects(money), most=HISTORY_MAX),
        }
    return render(request, "giftshop/studio/refunds/order.html", context, status=status)


def _forms(request: BrandRequest, money: OrderMoney, sent: Sent) -> dict[str, Any]:
    def of(key: UUID, empty: Form) -> Form:
        return sent.get(key) or empty

    return {
        "refund_form": None
        if money.refusal and money.order.pk not in sent
        else of(money.order.pk, RefundForm(money=money)),
        "limit": money.order.brand.void_limit,
        "decisions": [
            (row, of(row.pk, GoodwillDecisionForm()), row.asked_by == request.actor.id)
            for row in money.undecided
        ],
        "warning_forms": [
            (row, of(row.pk, ClearanceForm.about(row.pk))) for row in money.open_warnings
        ],
        "not_sent": list(open_items.not_sent().filter(payment__order=money.order)),
    }


def _subjects(money: OrderMoney) -> list[str]:
    return [
        *(refund.subject for refund in money.refunds),
        *(dispute.subject for dispute in money.disputes),
        *(warning.subject for warning in money.warnings),
        *(f"code:{one.gift.code_id}" for one in money.gifts),
    ]


def _rows(show: str, number: str | None) -> Any:
    """`number`: of an order, as it is searched for; empty: what was asked for is none."""
    newest: Any = (
        Dispute.objects.order_by("-opened_at", "-pk")
        if show == "disputes"
        else Refund.objects.order_by("-asked_at", "-pk")
    )
    newest = newest.select_related("payment__order")
    if number is None:
        return newest
    return (
        newest.filter(payment__order__in=Order.objects.with_number(number))
        if number
        else newest.none()
    )


def common(request: BrandRequest) -> dict[str, Any]:
    return {"brand": request.brand, "section": "money_back"}
