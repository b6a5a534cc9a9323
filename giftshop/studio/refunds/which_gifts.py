"""The one question that only a person can answer of money that moved at Stripe: for which gifts it was."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.templatetags.money import money as shown
from giftshop.accounts.access import BrandRequest, member_of_brand
from giftshop.accounts.permissions import Permission
from giftshop.orders.models import Order
from giftshop.refunds import choose
from giftshop.refunds.models import Dispute, Refund
from giftshop.studio.refunds import views
from giftshop.studio.refunds.forms import ChoiceForm, GiftsForm, LostForm
from giftshop.studio.refunds.order_money import OrderMoney, read
from giftshop.studio.refunds.over_saved import back, over_saved

moving = member_of_brand(Permission.MOVE_MONEY)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@moving
def refund_gifts(request: BrandRequest, refund_id: UUID) -> HttpResponse:
    """For which gifts a refund was that somebody made at Stripe."""
    row = get_object_or_404(Refund.objects.select_related("payment"), pk=refund_id)
    order = views.find(row.payment.order_id)

    def show(form: GiftsForm, problem: str, status: int) -> HttpResponse:
        return _page(request, order, row, form, problem, status)

    def over(money: OrderMoney) -> ChoiceForm:
        return ChoiceForm(request.POST, money=money, refund=row)

    def act(form: ChoiceForm) -> str:
        choose.choose(
            refund_id=row.pk, amounts=form.amounts(), actor=request.actor, now=timezone.now()
        )
        return _("Noted. The other gifts are good again.")

    if request.method == "POST":
        return over_saved(request, order, over, act, show)
    if not row.is_unclear:
        return back(request, order.pk)
    return show(ChoiceForm(money=read(order), refund=row), "", 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@moving
def dispute_gifts(request: BrandRequest, dispute_id: UUID) -> HttpResponse:
    """Which gifts a dispute was about that was lost for a part of the payment."""
    row = get_object_or_404(Dispute.objects.select_related("payment"), pk=dispute_id)
    order = views.find(row.payment.order_id)

    def show(form: GiftsForm, problem: str, status: int) -> HttpResponse:
        return _page(request, order, row, form, problem, status)

    def over(money: OrderMoney) -> LostForm:
        return LostForm(request.POST, money=money)

    def act(form: LostForm) -> str:
        choose.choose_lost(
            dispute_id=row.pk, gift_ids=form.gift_ids(), actor=request.actor, now=timezone.now()
        )
        return _("Noted. The other gifts are good again.")

    if request.method == "POST":
        return over_saved(request, order, over, act, show)
    if not row.is_unclear:
        return back(request, order.pk)
    return show(LostForm(money=read(order)), "", 200)


def _page(
    request: BrandRequest,
    order: Order,
    row: Refund | Dispute,
    form: GiftsForm,
    problem: str,
    status: int,
) -> HttpResponse:
    amount = {"amount": shown(row.amount, row.currency)}
    is_refund = isinstance(row, Refund)
    context = {
        **views.common(request),
        "order": order,
        "row": row,
        "form": form,
        "problem": problem,
        "title": _("For which gifts was %(amount)s?") % amount
        if is_refund
        else _("About which gifts was %(amount)s lost?") % amount,
        "route": "refund_gifts" if is_refund else "dispute_gifts",
        "is_refund": is_refund,
    }
    return render(request, "giftshop/studio/refunds/which_gifts.html", context, status=status)
