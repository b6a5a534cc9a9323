"""A form over an order's gifts, judged once more while nothing can move: whoever filled it in before
something did looks once more."""

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect

from core.forms.version import SavedSince, check_version
from giftshop.accounts.access import BrandRequest
from giftshop.orders.models import Order
from giftshop.refunds.ask import AskRefused
from giftshop.refunds.choose import ChoiceRefused
from giftshop.studio.refunds.forms import GiftsForm
from giftshop.studio.refunds.order_money import OrderMoney, read
from redemption.codes.acts import ActRefused

F = TypeVar("F", bound=GiftsForm)


def over_saved(
    request: BrandRequest,
    order: Order,
    over: Callable[[OrderMoney], F],
    act: Callable[[F], str],
    show: Callable[[F, str, int], HttpResponse],
) -> HttpResponse:
    """`over`: the form that was sent, over the order as it stands. `act`: does it, and says so in words.
    `show`: the page with the form, a problem in words and a status."""
    form = over(read(order))
    if not form.is_valid():
        return show(form, "", 422)
    try:
        with transaction.atomic():
            Order.objects.locked().get(pk=order.pk)
            money = read(order)
            check_version(form.seen, kept=money.kept(), wanted=None)
            done = act(form)
    except SavedSince:
        form = over(read(order))
        form.is_valid()
        form.show_over_saved()
        return show(form, "", 409)
    except (AskRefused, ChoiceRefused, ActRefused) as refused:
        return show(form, str(refused.reason.label), 409)
    messages.success(request, done)
    return back(request, order.pk)


def back(request: BrandRequest, order_id: UUID) -> HttpResponse:
    return redirect("order_money", brand_slug=request.brand.slug, order_id=order_id)
