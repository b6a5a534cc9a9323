"""Confirming: the one button at the counter by which value leaves."""

from datetime import datetime

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from redemption.models import Code
from redemption.redeem.lookup import TooManyTries, look_up
from redemption.redeem.reasons import Reason, Refusal, status_code
from redemption.redeem.redeem import redeem
from redemption.redeem.rules import Redeemed, UnknownCode, symbols_of
from redemption.till.counter_links import counter_link
from redemption.till.session import TillRequest, at_the_till
from redemption.till.views import verdicts
from redemption.till.views.forms import RedemptionForm, picks_in
from redemption.till.views.lookups import not_a_code, offer, show
from redemption.till.views.open_reversal import OpenReversal
from redemption.till.views.till import handed_over_today

INCOMPLETE = {Reason.CHOICES_REQUIRED, Reason.INVALID}


@require_POST
@at_the_till
def redemptions(request: TillRequest) -> HttpResponse:
    now = timezone.now()
    form = RedemptionForm(request.POST)
    if not form.is_valid():
        return show(request, verdicts.no(Reason.INVALID, _("Scan it again.")), status=422)
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
    outcome = answer.outcome
    if isinstance(outcome, Redeemed):
        return show(
            request,
            verdicts.redeemed(outcome, form.cleaned_data["basket_total"]),
            open_reversal=OpenReversal.of(
                outcome.id,
                label=outcome.label,
                redeemed_at=outcome.redeemed_at,
                device=request.device,
                staff=request.staff,
                now=now,
            ),
            count=handed_over_today(request.device.store, now),
            counter_link=counter_link(
                device=request.device,
                redemption_id=outcome.id,
                redeemed_at=outcome.redeemed_at,
                now=now,
            ),
            status=answer.status_code,
        )
    if outcome.reason in INCOMPLETE:
        return _once_more(request, form, outcome, now)
    verdict = verdicts.refused(outcome, request.device.store, now, stores=_stores(outcome, form))
    return show(request, verdict, status=answer.status_code)


def _stores(refusal: Refusal, form: RedemptionForm) -> list[str]:
    """Those that take the gift, when this one does not."""
    if refusal.reason != Reason.WRONG_STORE:
        return []
    code = Code.objects.matching(symbols_of(form.cleaned_data["code"])).first()
    return verdicts.names_of_stores(code.store_ids, refusal) if code else []


def _once_more(
    request: TillRequest, form: RedemptionForm, refusal: Refusal, now: datetime
) -> HttpResponse:
    """The same offer under the same key, with what was picked and what is missing."""
    text, key = form.cleaned_data["code"], form.cleaned_data["key"]
    try:
        found = look_up(
            device=request.device, text=text, staff=request.staff, signed_in=True, now=now
        )
    except (UnknownCode, TooManyTries) as no:
        return not_a_code(request, no.refusal, now)
    return offer(
        request,
        found,
        text,
        key=key,
        picks=picks_in(request.POST),
        amount=form.cleaned_data["amount"],
        basket_total=form.cleaned_data["basket_total"],
        problem=refusal.problem or str(refusal.reason.label),
        status=status_code(refusal.reason),
    )
