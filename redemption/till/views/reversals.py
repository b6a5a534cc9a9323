"""Reversal, while its window is open."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from redemption.models import Redemption
from redemption.redeem.reverse import ReversalRefusal, ReversalRefused, reverse
from redemption.till.session import TillRequest, at_the_till
from redemption.till.views import verdicts
from redemption.till.views.forms import ReversalForm, problem_of
from redemption.till.views.lookups import show
from redemption.till.views.till import handed_over_today


@require_POST
@at_the_till
def reversal(request: TillRequest, redemption_id: UUID) -> HttpResponse:
    """Reversing what was reversed before is the same answer: the device may have missed the first.
    Without a reason its field comes back alone, with what is wrong, into the dialog that asked."""
    now = timezone.now()
    form = ReversalForm(request.POST)
    if not form.is_valid():
        context = {"reason_problem": problem_of(form), "own_reason": request.POST.get("other", "")}
        part = "redemption/till/reversal.html#own-reason"
        return render(request, part, context, status=422)
    status = 201
    try:
        label = reverse(
            device=request.device,
            redemption_id=redemption_id,
            reason=form.cleaned_data["reason"],
            staff=request.staff,
            signed_in=True,
            now=now,
        ).redemption.code.label
    except ReversalRefused as refused:
        if refused.reason != ReversalRefusal.ALREADY_REVERSED:
            why = str(refused.reason.label)
            return show(request, verdicts.no_reversal(why), reversed_now=True, status=409)
        label = Redemption.objects.select_related("code").get(pk=redemption_id).code.label
        status = 200
    count = handed_over_today(request.device.store, now)
    return show(request, verdicts.reversal(label), reversed_now=True, count=count, status=status)
