"""What an operator does for somebody who asks for help: each by the product's own function, with a reason
that the brand reads in its activity."""

from collections.abc import Callable

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from giftshop.accounts.access import operator_of
from giftshop.delivery.mend import MendRefused, correct_address
from giftshop.delivery.repeat import RepeatRefused, repeat_gift, repeat_receipt
from giftshop.operator.access import OperatorRequest
from giftshop.operator.support import pages
from giftshop.operator.support.forms import CorrectionForm, ReasonForm
from giftshop.operator.support.views import (
    is_open,
    of_code,
    of_order,
    say_why_first,
    show_who_first,
)
from giftshop.orders.models import Gift, Order
from giftshop.sign_in.factors.proof import is_fresh
from redemption.audit.actors import Actor
from redemption.codes import hold as holds
from redemption.codes import void as voids
from redemption.codes.acts import ActRefused
from redemption.codes.void import VoidRefusal
from redemption.models import Code

Act = Callable[[Actor, str], str]
"""Does it, for that reason. Answers in words what was done."""


@require_POST
@of_order
def receipt(request: OperatorRequest, order: Order) -> HttpResponse:
    """The receipt once more; with it the sender has the link to their page again."""
    if not is_open(request, order=order):
        return say_why_first(request)
    form = ReasonForm(request.POST, auto_id=pages.ids("receipt"))
    if not form.is_valid():
        return pages.order_page(request, order, sent=form, status=422)
    if not is_fresh(request):
        return show_who_first(request, f"receipt:{order.pk}", form, pages.path_of(order))
    actor, reason = operator_of(request.user), form.cleaned_data["reason"]
    try:
        repeat_receipt(order=order, actor=actor, reason=reason, now=timezone.now())
    except RepeatRefused as refused:
        problem = str(refused.reason.label)
        return pages.order_page(request, order, sent=form, problem=problem, status=409)
    messages.success(request, _("The receipt goes out again."))
    return redirect("operator_order", order_id=order.pk)


@require_POST
@of_code
def email(request: OperatorRequest, code: Code) -> HttpResponse:
    def act(actor: Actor, reason: str) -> str:
        gift = get_object_or_404(Gift.objects.with_everything(), code=code)
        repeat_gift(gift=gift, actor=actor, reason=reason, now=timezone.now())
        return _("The gift goes out again.")

    return _do(request, code, "email", act)


@require_POST
@of_code
def correction(request: OperatorRequest, code: Code) -> HttpResponse:
    """To another address, with another code: nobody has opened it yet."""
    form = CorrectionForm(request.POST, auto_id=pages.ids("correction"))

    def act(actor: Actor, reason: str) -> str:
        gift = get_object_or_404(Gift.objects.with_everything(), code=code)
        correct_address(
            gift=gift,
            email=form.cleaned_data["email"],
            actor=actor,
            reason=reason,
            now=timezone.now(),
        )
        return _("The gift goes to the new address, with a new code.")

    return _do(request, code, "correction", act, form)


@require_POST
@of_code
def hold(request: OperatorRequest, code: Code) -> HttpResponse:
    def act(actor: Actor, reason: str) -> str:
        holds.place(code_id=code.pk, actor=actor, reason=reason)
        return _("On hold: no till takes it now.")

    return _do(request, code, "hold", act)


@require_POST
@of_code
def release(request: OperatorRequest, code: Code) -> HttpResponse:
    def act(actor: Actor, reason: str) -> str:
        released = holds.release(code_id=code.pk, actor=actor, reason=reason)
        if released.state == Code.State.ON_HOLD:
            return _(
                "No longer held by hand. It stays on hold for a dispute, which has to end first."
            )
        return _("Off hold: tills take it again.")

    return _do(request, code, "release", act)


@require_POST
@of_code
def void(request: OperatorRequest, code: Code) -> HttpResponse:
    """At once up to the brand's limit; above it somebody of the brand decides."""

    def act(actor: Actor, reason: str) -> str:
        try:
            voids.void(code_id=code.pk, actor=actor, reason=reason)
        except ActRefused as refused:
            if refused.reason != VoidRefusal.TWO_PEOPLE:
                raise
            voids.ask(code_id=code.pk, actor=actor, reason=reason)
            return _("This takes two people. The brand's owner decides in the studio.")
        return _("Cancelled: nothing is left on it.")

    return _do(request, code, "void", act)


def _do(
    request: OperatorRequest, code: Code, name: str, act: Act, form: ReasonForm | None = None
) -> HttpResponse:
    """Does it, for whoever has just shown who they are, and shows the code as it is then: with what is wrong,
    why it was refused, or done."""
    if not is_open(request, code=code):
        return say_why_first(request)
    form = form or ReasonForm(request.POST, auto_id=pages.ids(name))
    sent: dict[str, Form] = {name: form}
    if not form.is_valid():
        return pages.code_page(request, code, sent=sent, status=422)
    if not is_fresh(request):
        return show_who_first(request, f"{name}:{code.pk}", form, pages.path_of(code))
    try:
        done = act(operator_of(request.user), form.cleaned_data["reason"])
    except (ActRefused, RepeatRefused, MendRefused) as refused:
        code.refresh_from_db(fields=["state", "balance"])
        problem = str(refused.reason.label)
        return pages.code_page(request, code, sent=sent, problem=problem, status=409)
    messages.success(request, done)
    return redirect("operator_code", code_id=code.pk)
