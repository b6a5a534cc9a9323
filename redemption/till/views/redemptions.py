"""Confirming: the one button at the counter by which value leaves."""

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from redemption.models import Code
from redemption.redeem.lookup import TooManyTries, look_up
from redemption.redeem.reasons import Reason
from redemption.redeem.redeem import Answer, redeem
from redemption.redeem.rules import UnknownCode, symbols_of
from redemption.till.session import TillRequest, at_the_till
from redemption.till.views import verdicts
from redemption.till.views.forms import RedemptionForm, picks_in
from redemption.till.views.lookups import offer, show
from redemption.till.views.till import handed_over_today
from redemption.till.views.undo import Undo

INCOMPLETE = {Reason.CHOICES_REQUIRED, Reason.INVALID}


@require_POST
@at_the_till
def redemptions(request: TillRequest) -> HttpResponse:
    now = timezone.now()
    form = RedemptionForm(request.POST)
    if not form.is_valid():
        return show(request, verdicts.refused(Reason.INVALID, _("Scan it again.")), status=422)
    answer = redeem(
        device=request.device,
        text=form.cleaned_data["code"],
        key=form.cleaned_data["key"],
        amount=form.cleaned_data["amount"],
        picks=picks_in(request.POST),
        basket_total=form.cleaned_data["basket_total"],
        staff=request.staff,
        signed_in=True,
        now=now,
    )
    if answer.redeemed:
        return show(
            request,
            verdicts.redeemed(answer.body, form.cleaned_data["basket_total"]),
            undo=Undo.told(answer.body, request.device, request.staff, now),
            count=handed_over_today(request.device.store, now),
            status=answer.status_code,
        )
    if answer.body["reason"] in INCOMPLETE:
        return _once_more(request, form, answer)
    return show(
        request,
        verdicts.answered(answer.body, request.device.store, now, _stores(answer, form)),
        status=answer.status_code,
    )


def _stores(answer: Answer, form: RedemptionForm) -> list[str]:
    """Those that take the gift, when this one does not."""
    if answer.body["reason"] != Reason.WRONG_STORE:
        return []
    code = Code.objects.matching(symbols_of(form.cleaned_data["code"])).first()
    return verdicts.names_of_stores(code) if code else []


def _once_more(request: TillRequest, form: RedemptionForm, answer: Answer) -> HttpResponse:
    """The same offer under the same key, with what was picked and what is missing."""
    text, key = form.cleaned_data["code"], form.cleaned_data["key"]
    try:
        found = look_up(device=request.device, text=text, staff=request.staff)
    except UnknownCode:
        return show(request, verdicts.unknown(), status=404)
    except TooManyTries as tries:
        return show(request, verdicts.too_many_tries(tries.reason, tries.seconds), status=429)
    return offer(
        request,
        found,
        text,
        key=key,
        picks=picks_in(request.POST),
        amount=form.cleaned_data["amount"],
        basket_total=form.cleaned_data["basket_total"],
        problem=answer.body.get("problem") or answer.body["detail"],
        status=answer.status_code,
    )
