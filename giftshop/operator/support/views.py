"""An operator finds an order of any brand and looks at it. Each look is an audit entry of that brand.

Searching and opening are POSTs, so that no address of a person is in an address of a page.
"""

from collections.abc import Callable
from functools import wraps
from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_scopes import scope, scopes_disabled

from giftshop.operator.access import OperatorRequest, operators_only
from giftshop.operator.support import case, in_vain, pages, search
from giftshop.operator.support.forms import FindOrderForm
from giftshop.orders.models import Order
from giftshop.sign_in.factors.proof import ask, is_fresh
from redemption.audit.log import Act
from redemption.models import Code

READING_AND_OPENING = ["GET", "HEAD", "POST"]
SEARCH = "search"
"""The form of it, as case.py knows it."""


@require_http_methods(READING_AND_OPENING)
@operators_only
def support(request: OperatorRequest) -> HttpResponse:
    """One that is found alone is opened at once."""
    if request.method != "POST":
        return _begun(request)
    form = FindOrderForm(request.POST)
    if not form.is_valid():
        return _search(request, form, status=422)
    if not is_fresh(request):
        return show_who_first(request, SEARCH, form, reverse("operator_support"))
    try:
        answer = search.find(form.cleaned_data["text"])
    except search.NotUnderstood:
        form.add_error("text", _("That is no order number, address, code or id."))
        return _search(request, form, status=422)
    case.begin(request, form.cleaned_data["reason"])
    if len(answer.found) == 1:
        return _open(request, answer.found[0], by=answer.by)
    if answer.found:
        _record_search(request, answer)
    else:
        in_vain.record(request.user, answer, form.cleaned_data["reason"], now=timezone.now())
    return _search(request, form, answer=answer)


def _begun(request: OperatorRequest) -> HttpResponse:
    """With what was typed before they had to show who they are."""
    _form, typed = case.take_typed(request, SEARCH)
    return _search(request, FindOrderForm(initial={"reason": case.reason_of(request), **typed}))


def show_who_first(request: OperatorRequest, name: str, form: Form, back: str) -> HttpResponse:
    """To where they show that it is still them, and back; what they typed is there again."""
    case.keep_typed(request, name, form.cleaned_data)
    return ask(back)


def of_order(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For views of `<uuid:order_id>`: `order` with its brand, in the scope of which the view runs."""

    @operators_only
    @wraps(view)
    def guarded(request: OperatorRequest, order_id: UUID) -> HttpResponse:
        with scopes_disabled():
            found = get_object_or_404(Order.objects.select_related("brand"), pk=order_id)
        with scope(brand=found.brand):
            return view(request, found)

    return guarded


def of_code(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The same for `<uuid:code_id>`: `code`."""

    @operators_only
    @wraps(view)
    def guarded(request: OperatorRequest, code_id: UUID) -> HttpResponse:
        with scopes_disabled():
            codes = Code.objects.select_related("brand", "gift__order")
            found = get_object_or_404(codes, pk=code_id)
        with scope(brand=found.brand):
            return view(request, found)

    return guarded


@require_http_methods(READING_AND_OPENING)
@of_order
def order(request: OperatorRequest, order: Order) -> HttpResponse:
    """POST opens it, for the reason that was given with the search."""
    if request.method == "POST":
        return _open(request, search.Found(order.brand, order))
    if not is_open(request, order=order):
        return say_why_first(request)
    return pages.order_page(request, order)


@require_http_methods(READING_AND_OPENING)
@of_code
def code(request: OperatorRequest, code: Code) -> HttpResponse:
    """POST opens it, with its order if it has one."""
    if request.method == "POST":
        return _open(request, search.Found(code.brand, search.order_of(code), code))
    if not is_open(request, code=code):
        return say_why_first(request)
    return pages.code_page(request, code)


def is_open(
    request: OperatorRequest, *, order: Order | None = None, code: Code | None = None
) -> bool:
    """Whether this operator opened it lately: the order, or the code or its order."""
    order = order or (search.order_of(code) if code else None)
    keys = {row.pk for row in (order, code) if row}
    return not keys.isdisjoint(case.opened(request))


def say_why_first(request: OperatorRequest) -> HttpResponse:
    messages.info(request, _("Find the order first, and say why you look."))
    return redirect("operator_support")


def _open(request: OperatorRequest, found: search.Found, **details: Any) -> HttpResponse:
    """Leaves the entry, and leads to the page."""
    if not case.reason_of(request):
        return say_why_first(request)
    brand, order, code = found.brand, found.order, found.code
    with scope(brand=brand):
        if order:
            told = {"order": order.number, **details}
            subject = f"order:{order.pk}"
            case.record_look(request, brand=brand, act=Act.ORDER_LOOKED_UP, subject=subject, **told)
            case.note_opened(request, order.pk)
        elif code:
            subject = f"code:{code.pk}"
            case.record_look(
                request, brand=brand, act=Act.CODE_LOOKED_UP, subject=subject, **details
            )
            case.note_opened(request, code.pk)
    if code:
        return redirect("operator_code", code_id=code.pk)
    assert order is not None  # nosec B101  # one of the two
    return redirect("operator_order", order_id=order.pk)


def _record_search(request: OperatorRequest, answer: search.Answer) -> None:
    """One entry in each brand of which something is listed, each in a transaction of its own: acts of
    one brand take turns, and nobody holds two."""
    brands = sorted((found.brand for found in answer.found), key=lambda brand: brand.pk)
    for _key, same in groupby(brands, key=lambda brand: brand.pk):
        brand, *others = same
        with scope(brand=brand):
            case.record_look(
                request,
                brand=brand,
                act=Act.ORDERS_SEARCHED,
                subject=f"brand:{brand.pk}",
                by=answer.by,
                found=1 + len(others),
            )


def _search(
    request: OperatorRequest,
    form: FindOrderForm,
    *,
    answer: search.Answer | None = None,
    status: int = 200,
) -> HttpResponse:
    with scopes_disabled():
        orders = Order.objects.select_related("brand").in_bulk(case.opened(request))
    context = {
        "form": form,
        "answer": answer,
        "rows": [pages.row(found) for found in answer.found] if answer else [],
        "most": search.FOUND_MAX,
        "in_vain": in_vain.latest(),
        "opened": [orders[key] for key in case.opened(request) if key in orders],
    }
    return render(request, "giftshop/operator/support/search.html", context, status=status)
