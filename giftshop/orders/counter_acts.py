"""What a manager does to a gift at the counter: a hold, a later last day, cancelling it, alone or by two."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from giftshop.orders import counter
from giftshop.orders.counter_forms import DecisionForm, ExtensionForm, ReasonForm, problem_of
from redemption import expiring, freezing, staffing, voiding
from redemption.actors import Actor
from redemption.expiring import ExtensionRefused
from redemption.freezing import FreezeRefused
from redemption.models import Code
from redemption.till_access import TillRequest, manager_at_the_till
from redemption.voiding import VoidRefusal, VoidRefused

REFUSED = (FreezeRefused, VoidRefused, ExtensionRefused)


@require_POST
@manager_at_the_till
def freeze(request: TillRequest, code_id: UUID) -> HttpResponse:
    return _with_reason(request, code_id, freezing.freeze, _("On hold: no till takes it now."))


@require_POST
@manager_at_the_till
def unfreeze(request: TillRequest, code_id: UUID) -> HttpResponse:
    return _with_reason(request, code_id, freezing.unfreeze, _("Off hold: tills take it again."))


@require_POST
@manager_at_the_till
def extend(request: TillRequest, code_id: UUID) -> HttpResponse:
    code = get_object_or_404(Code, pk=code_id)
    form = ExtensionForm(request.POST, brand=request.device.brand)
    if not form.is_valid():
        return counter.page(request, code, problem=problem_of(form), status=422)

    def act() -> None:
        expiring.extend(
            code_id=code.pk,
            expires_at=form.expires_at(),
            actor=Actor.staff(request.staff),
            reason=form.cleaned_data["reason"],
            device=request.device,
        )

    return _do(request, code, act, _("It is good for longer now."))


@require_POST
@manager_at_the_till
def void(request: TillRequest, code_id: UUID) -> HttpResponse:
    """At once up to the brand's limit; above it a second manager is asked."""
    code = get_object_or_404(Code, pk=code_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return counter.page(request, code, problem=problem_of(form), status=422)
    words = {
        "code_id": code.pk,
        "actor": Actor.staff(request.staff),
        "reason": form.cleaned_data["reason"],
        "device": request.device,
    }
    try:
        voiding.void(**words)
    except VoidRefused as refused:
        if refused.reason != VoidRefusal.TWO_PEOPLE:
            return counter.page(request, code, problem=str(refused.reason.label), status=409)
        asked = _("This takes two people. Another manager decides below.")
        return _do(request, code, lambda: voiding.ask(**words), asked)
    messages.success(request, _("Cancelled: nothing is left on it."))
    return counter.show_again(request, code)


@require_POST
@manager_at_the_till
def decide(request: TillRequest, code_id: UUID) -> HttpResponse:
    """The second manager says yes or no with their own PIN, on the tablet of the first."""
    code = get_object_or_404(Code, pk=code_id)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return counter.page(request, code, problem=problem_of(form), status=422)
    try:
        second = staffing.sign_in(
            staff_id=form.who, device=request.device, pin=form.cleaned_data["pin"]
        )
    except staffing.WrongPin as wrong:
        return counter.page(request, code, problem=_wrong(wrong), status=422)
    except staffing.StaffLocked:
        problem = _("This manager's PIN is locked. Another manager can unlock it.")
        return counter.page(request, code, problem=problem, status=423)
    approved = form.cleaned_data["decision"] == "approve"
    decision = voiding.approve if approved else voiding.decline

    def act() -> None:
        decision(
            request_id=form.cleaned_data["request"],
            actor=Actor.staff(second),
            device=request.device,
        )

    done = _("Cancelled: nothing is left on it.") if approved else _("Declined: it stays good.")
    return _do(request, code, act, done)


def _with_reason(
    request: TillRequest, code_id: UUID, act: Callable[..., object], done: str
) -> HttpResponse:
    code = get_object_or_404(Code, pk=code_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return counter.page(request, code, problem=problem_of(form), status=422)
    reason, actor = form.cleaned_data["reason"], Actor.staff(request.staff)
    return _do(
        request,
        code,
        lambda: act(code_id=code.pk, actor=actor, reason=reason, device=request.device),
        done,
    )


def _do(request: TillRequest, code: Code, act: Callable[[], object], done: str) -> HttpResponse:
    """Does it, and shows the gift as it is then: refused with why, or done."""
    try:
        act()
    except REFUSED as refused:
        code.refresh_from_db()
        return counter.page(request, code, problem=str(refused.reason.label), status=409)
    messages.success(request, done)
    return counter.show_again(request, code)


def _wrong(wrong: staffing.WrongPin) -> str:
    return ngettext(
        "That PIN doesn't fit. %(count)s more try before it is locked.",
        "That PIN doesn't fit. %(count)s more tries before it is locked.",
        wrong.tries_left,
    ) % {"count": wrong.tries_left}
