"""Reviews in the studio: what waits to be looked at, what is shown and hidden, and how the treats stand."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from giftshop.accounts.access import BrandRequest, actor_of, member_of_brand
from giftshop.accounts.permissions import Permission
from giftshop.reviews import judge, rank
from giftshop.reviews.judge import JudgeRefused
from giftshop.reviews.models import Review
from giftshop.studio.reviews.forms import HidingForm

PER_PAGE = 50

moderating = member_of_brand(Permission.MODERATE_REVIEWS)


@require_safe
@moderating
def reviews(request: BrandRequest) -> HttpResponse:
    """Of one state, those that wait unless another is asked for, and the ranking. 7 queries."""
    asked = request.GET.get("state", "")
    state = asked if asked in Review.State.values else Review.State.WAITING
    order = "changed_at" if state == Review.State.WAITING else "-changed_at"
    found = Review.objects.filter(state=state).select_related("treat").order_by(order, "pk")
    context = {
        **_common(request),
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "states": Review.State.choices,
        "state": state,
        "standings": rank.read(timezone.localdate(timezone.now(), request.brand.tz)),
    }
    return render(request, "giftshop/studio/reviews/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@moderating
def review(request: BrandRequest, review_id: UUID) -> HttpResponse:
    """One review; what is posted hides it."""
    shown = _find(review_id)
    form = HidingForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _page(request, shown, form, 422 if form.is_bound else 200)
    because = Review.Reason(form.cleaned_data["because"])
    try:
        judge.hide(shown, because=because, by=actor_of(request.user), now=timezone.now())
    except JudgeRefused as refused:
        form.add_error(None, refused.reason.label)
        return _page(request, shown, form, 409)
    messages.success(request, _("It is hidden, and counted among the hidden ones."))
    return redirect("studio_reviews", brand_slug=request.brand.slug)


@require_POST
@moderating
def display(request: BrandRequest, review_id: UUID) -> HttpResponse:
    """Shows it at its treat."""
    shown = _find(review_id)
    try:
        judge.show(shown, by=actor_of(request.user), now=timezone.now())
    except JudgeRefused as refused:
        messages.error(request, refused.reason.label)
        return redirect("studio_review", brand_slug=request.brand.slug, review_id=review_id)
    messages.success(request, _("It is shown at its treat."))
    return redirect("studio_reviews", brand_slug=request.brand.slug)


def _find(review_id: UUID) -> Review:
    return get_object_or_404(Review.objects.select_related("brand", "treat"), pk=review_id)


def _common(request: BrandRequest) -> dict[str, Any]:
    return {"brand": request.brand, "section": "reviews"}


def _page(request: BrandRequest, shown: Review, form: HidingForm, status: int) -> HttpResponse:
    context = {**_common(request), "review": shown, "form": form}
    return render(request, "giftshop/studio/reviews/review.html", context, status=status)
