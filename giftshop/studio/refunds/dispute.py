"""One dispute: what the bank asks, until when, and the answer, which is gathered and sent by a click."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from giftshop.accounts.access import BrandRequest, member_of_brand
from giftshop.accounts.permissions import Permission
from giftshop.refunds.evidence.answer import AnswerRefused, answer, refusal, was_answered
from giftshop.refunds.models import Dispute
from giftshop.studio.refunds.evidence_form import EvidenceForm
from giftshop.studio.refunds.reasons import in_words
from giftshop.studio.refunds.views import common


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@member_of_brand(Permission.MOVE_MONEY)
def dispute(request: BrandRequest, dispute_id: UUID) -> HttpResponse:
    rows = Dispute.objects.select_related("payment__order__brand", "payment__order__terms", "brand")
    row = get_object_or_404(rows, pk=dispute_id)
    if request.method != "POST":
        return _page(request, row)
    form = EvidenceForm.about(row, request.POST)
    if not form.is_valid():
        return _page(request, row, form, status=422)
    try:
        answer(
            dispute_id=row.pk,
            evidence=form.cleaned_data,
            actor=request.actor,
            now=timezone.now(),
        )
    except AnswerRefused as refused:
        row.refresh_from_db()
        return _page(request, row, form, problem=str(refused.reason.label), status=409)
    messages.success(request, _("Your answer is on its way to the bank."))
    return redirect("dispute", brand_slug=request.brand.slug, dispute_id=row.pk)


def _page(
    request: BrandRequest,
    row: Dispute,
    form: EvidenceForm | None = None,
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    why_not = refusal(row, now)
    context = {
        **common(request),
        "now": now,
        "dispute": row,
        "order": row.payment.order,
        "because": in_words(row.reason),
        "days_left": row.days_left(now),
        "why_not": why_not,
        "answered_question": why_not is None and was_answered(row),
        "form": None if why_not and form is None else form or EvidenceForm.about(row),
        "problem": problem,
    }
    return render(request, "giftshop/studio/refunds/dispute.html", context, status=status)
