"""What somebody does about an order's money. Each leads back to the order's page: done, or with what is
wrong."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.templatetags.money import money as shown
from giftshop.accounts.access import BrandRequest, member_of_brand
from giftshop.accounts.permissions import Permission
from giftshop.refunds import ask, choose
from giftshop.refunds.ask import AskRefused
from giftshop.refunds.choose import ChoiceRefused
from giftshop.refunds.models import FraudWarning, Refund
from giftshop.refunds.open_items.put_aside import put_aside
from giftshop.studio.refunds import views
from giftshop.studio.refunds.forms import (
    ClearanceForm,
    GoodwillDecisionForm,
    RefundForm,
)
from giftshop.studio.refunds.over_saved import back, over_saved
from redemption.codes.acts import ActRefused

moving = member_of_brand(Permission.MOVE_MONEY)


@require_POST
@moving
def refund(request: BrandRequest, order_id: UUID) -> HttpResponse:
    order = views.find(order_id)

    def act(form: RefundForm) -> str:
        made = ask.ask(
            order=order,
            amounts=form.amounts(),
            origin=Refund.Origin.BRAND,
            actor=request.actor,
            reason=form.cleaned_data["reason"],
            now=timezone.now(),
            goodwill=bool(form.cleaned_data.get("goodwill")),
        )
        if made.state == Refund.State.WAITING:
            return _("This takes two people: somebody else decides whether it goes back.")
        amount = shown(made.amount, made.currency)
        return _("%(amount)s goes back to the sender.") % {"amount": amount}

    def show(form: RefundForm, problem: str, status: int) -> HttpResponse:
        sent = {order.pk: form}
        return views.page(request, order, sent=sent, problem=problem, status=status)

    return over_saved(
        request, order, lambda money: RefundForm(request.POST, money=money), act, show
    )


@require_POST
@moving
def decision(request: BrandRequest, refund_id: UUID) -> HttpResponse:
    """The second person about goodwill above the limit."""
    row = get_object_or_404(Refund.objects.select_related("payment"), pk=refund_id)
    form = GoodwillDecisionForm(request.POST)

    def act() -> str:
        approved = form.cleaned_data["decision"] == "approved"
        ask.decide(refund_id=row.pk, actor=request.actor, approved=approved, now=timezone.now())
        return _("It goes back to the sender.") if approved else _("Declined: nothing goes back.")

    return _do(request, row.payment.order_id, row.pk, form, act)


@require_POST
@moving
def clearance(request: BrandRequest, warning_id: UUID) -> HttpResponse:
    """Somebody knows that a warning is wrong."""
    row = get_object_or_404(FraudWarning.objects.select_related("payment"), pk=warning_id)
    form = ClearanceForm.about(row.pk, request.POST)

    def act() -> str:
        choose.clear(
            warning_id=row.pk,
            actor=request.actor,
            reason=form.cleaned_data["reason"],
            now=timezone.now(),
        )
        return _("Set aside. Its gifts are good again, unless something else holds them.")

    return _do(request, row.payment.order_id, row.pk, form, act)


@require_POST
@moving
def notice(request: BrandRequest, refund_id: UUID) -> HttpResponse:
    """Somebody has seen that a refund was not sent."""
    row = get_object_or_404(Refund.objects.select_related("payment"), pk=refund_id)
    form = Form(request.POST)

    def act() -> str:
        put_aside(refund_id=row.pk, actor=request.actor, now=timezone.now())
        return _("Put aside.")

    return _do(request, row.payment.order_id, row.pk, form, act)


def _do(
    request: BrandRequest, order_id: UUID, key: UUID, form: Form, act: Callable[[], str]
) -> HttpResponse:
    if not form.is_valid():
        return views.page(request, views.find(order_id), sent={key: form}, status=422)
    try:
        done = act()
    except (AskRefused, ChoiceRefused, ActRefused) as refused:
        problem = str(refused.reason.label)
        order = views.find(order_id)
        return views.page(request, order, sent={key: form}, problem=problem, status=409)
    messages.success(request, done)
    return back(request, order_id)
