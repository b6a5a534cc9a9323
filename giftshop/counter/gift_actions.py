"""What a manager does to a gift at the counter: a hold, a later last day, voiding it, alone or by two."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from giftshop.counter import gifts
from giftshop.counter.forms import CorrectionForm, DecisionForm, ExtensionForm, VoidForm, ids
from giftshop.delivery.mend import MendRefused, correct_address
from giftshop.delivery.repeat import RepeatRefused, repeat_gift
from giftshop.orders.models import Gift
from giftshop.refunds.ask import AskRefused
from giftshop.refunds.void_money.void import money_back, with_a_payer
from redemption.audit.actors import Actor
from redemption.codes import expire, hold
from redemption.codes import void as void_code
from redemption.codes.acts import ActRefused
from redemption.codes.void import VoidRefusal
from redemption.models import Code, VoidRequest
from redemption.till import pin_tries, staff
from redemption.till.session import TillRequest, manager_at_the_till
from redemption.till.views.manager.forms import ReasonForm
from redemption.till.views.staff import OWN_PIN_FIRST, words_of, words_of_pause

Act = Callable[[], str]
"""Does it, with what a valid form says. Answers in words what was done."""


@require_POST
@manager_at_the_till
def repeat(request: TillRequest, code_id: UUID) -> HttpResponse:
    """The same e-mail to the same address."""
    form = ReasonForm(request.POST, auto_id=ids("repeat"))

    def act() -> str:
        told = _who_and_why(request, form)
        repeat_gift(
            gift=_gift_of(code_id),
            actor=told["actor"],
            reason=told["reason"],
            now=timezone.now(),
        )
        return _("The gift goes out again.")

    return _do(request, code_id, {"repeat": form}, act)


@require_POST
@manager_at_the_till
def correction(request: TillRequest, code_id: UUID) -> HttpResponse:
    """To another address, with another code: nobody has opened it yet."""
    form = CorrectionForm(request.POST, auto_id=ids("correction"))

    def act() -> str:
        correct_address(
            gift=_gift_of(code_id),
            email=form.cleaned_data["email"],
            now=timezone.now(),
            **_who_and_why(request, form),
        )
        return _("The gift goes to the new address, with a new code.")

    return _do(request, code_id, {"correction": form}, act)


def _gift_of(code_id: UUID) -> Gift:
    return get_object_or_404(Gift.objects.with_everything(), code=code_id)


@require_POST
@manager_at_the_till
def place_hold(request: TillRequest, code_id: UUID) -> HttpResponse:
    form = ReasonForm(request.POST, auto_id=ids("hold"))

    def act() -> str:
        hold.place(code_id=code_id, **_who_and_why(request, form))
        return _("On hold: no till takes it now.")

    return _do(request, code_id, {"hold": form}, act)


@require_POST
@manager_at_the_till
def release_hold(request: TillRequest, code_id: UUID) -> HttpResponse:
    form = ReasonForm(request.POST, auto_id=ids("release"))

    def act() -> str:
        code = hold.release(code_id=code_id, **_who_and_why(request, form))
        if code.state == Code.State.ON_HOLD:
            return _(
                "No longer held by hand. It stays on hold for a dispute, which has to end first."
            )
        return _("Off hold: tills take it again.")

    return _do(request, code_id, {"release": form}, act)


@require_POST
@manager_at_the_till
def extend(request: TillRequest, code_id: UUID) -> HttpResponse:
    form = ExtensionForm(request.POST, auto_id=ids("extend"), brand=request.device.brand)

    def act() -> str:
        until = form.expires_at()
        expire.extend(code_id=code_id, expires_at=until, **_who_and_why(request, form))
        return _("It is good for longer now.")

    return _do(request, code_id, {"extend": form}, act)


@require_POST
@manager_at_the_till
def void(request: TillRequest, code_id: UUID) -> HttpResponse:
    """At once up to the brand's limit; above it a second manager is asked."""
    code = get_object_or_404(Code, pk=code_id)
    alone = code.balance <= request.device.brand.void_limit
    form = VoidForm(
        request.POST, auto_id=ids("void"), asks_money=alone and bool(with_a_payer([code_id]))
    )

    def act() -> str:
        words, now = _who_and_why(request, form), timezone.now()
        try:
            with _money_back(code_id, form, words["actor"], words["reason"], now):
                void_code.void(code_id=code_id, **words, now=now)
        except ActRefused as refused:
            if refused.reason != VoidRefusal.TWO_PEOPLE:
                raise
            void_code.ask(code_id=code_id, **words)
            return _("This takes two people. Another manager decides below.")
        return _voided(form)

    return _do(request, code_id, {"void": form}, act)


@require_POST
@manager_at_the_till
def decide(request: TillRequest, code_id: UUID) -> HttpResponse:
    """The second manager says yes or no with their own PIN, on the device of the first."""
    asks_money, device = bool(with_a_payer([code_id])), request.device
    form = DecisionForm(request.POST, auto_id=ids("decision"), asks_money=asks_money)

    def act() -> str:
        pin = form.cleaned_data["pin"]
        said = {"request_id": form.cleaned_data["request"], "note": form.cleaned_data["note"]}
        second = staff.sign_for(staff_id=form.who, device=device, pin=pin)
        if form.cleaned_data["decision"] == "approve":
            now = timezone.now()
            with _money_back(code_id, form, second, _reason_of(said["request_id"]), now):
                void_code.approve(**said, actor=second, device=device, now=now)
            return _voided(form)
        void_code.decline(**said, actor=second, device=device)
        return _("Declined: it stays good.")

    return _do(request, code_id, {"decision": form}, act)


def _money_back(
    code_id: UUID, form: VoidForm | DecisionForm, actor: Actor, reason: str, now: datetime
) -> AbstractContextManager[None]:
    wanted = form.sends_money
    return money_back(code_id=code_id, wanted=wanted, actor=actor, reason=reason, now=now)


def _reason_of(request_id: UUID) -> str:
    asked = VoidRequest.objects.filter(pk=request_id).first()
    return asked.reason if asked else ""


def _voided(form: VoidForm | DecisionForm) -> str:
    if form.sends_money:
        return _("Cancelled: nothing is left on it. The money goes back to the sender.")
    return _("Cancelled: nothing is left on it.")


def _who_and_why(request: TillRequest, form: ReasonForm) -> dict[str, Any]:
    return {
        "actor": Actor.staff(request.staff),
        "reason": form.cleaned_data["reason"],
        "device": request.device,
    }


def _do(request: TillRequest, code_id: UUID, sent: dict[str, Form], act: Act) -> HttpResponse:
    """Does it, and shows the gift as it is then: with what is wrong, why it was refused, or done.
    `sent`: the act's form by the act's name."""
    code, [form] = get_object_or_404(Code, pk=code_id), sent.values()
    if not form.is_valid():
        return gifts.page(request, code, sent=sent, status=422)
    try:
        done = act()
    except staff.WrongPin as wrong:
        form.add_error("pin", words_of(wrong))
        return gifts.page(request, code, sent=sent, status=422)
    except staff.TemporaryPin:
        return gifts.page(request, code, sent=sent, problem=str(OWN_PIN_FIRST), status=409)
    except pin_tries.PinPaused as paused:
        problem = words_of_pause(paused)
        response = gifts.page(request, code, sent=sent, problem=problem, status=429)
        response["Retry-After"] = str(paused.seconds)
        return response
    except (ActRefused, AskRefused, RepeatRefused, MendRefused) as refused:
        code.refresh_from_db()
        return gifts.page(request, code, sent=sent, problem=str(refused.reason.label), status=409)
    messages.success(request, done)
    return gifts.show_again(request, code)
