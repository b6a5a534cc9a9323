"""Reversal, while its window is open."""

from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from redemption.models import Redemption
from redemption.redeem.reverse import ReversalRefusal, ReversalRefused, reverse
from redemption.till.session import TillRequest, at_the_till
from redemption.till.views import verdicts
from redemption.till.views.forms import ReversalForm
from redemption.till.views.lookups import show
from redemption.till.views.till import handed_over_today


@require_POST
@at_the_till
def reversal(request: TillRequest, redemption_id: UUID) -> HttpResponse:
    """Reversing what was reversed before is the same answer: the device may have missed the first."""
    now = timezone.now()
    form = ReversalForm(request.POST)
    if not form.is_valid():
        why = str(form.non_field_errors()[0] if form.non_field_errors() else form.errors)
        return show(request, verdicts.no_reversal(why), status=422)
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
