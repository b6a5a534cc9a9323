"""The way into the studio: choosing a brand."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from giftshop.accounts.access import signed_in
from giftshop.accounts.models import User
from giftshop.team.invitations import waiting_for


@require_safe
@signed_in
def studio(request: HttpRequest) -> HttpResponse:
    """Straight in for whoever works for one brand and has nothing else to choose; an operator of none goes
    to all brands."""
    assert isinstance(request.user, User)  # nosec B101  # signed in
    memberships = list(request.user.memberships.select_related("brand").order_by("brand__name"))
    invited = list(waiting_for(request.user, timezone.now()))
    if len(memberships) == 1 and not invited and not request.user.is_operator:
        return redirect("dashboard", brand_slug=memberships[0].brand.slug)
    if not memberships and not invited and request.user.is_operator:
        return redirect("operator_brands")
    context = {"memberships": memberships, "invited": invited}
    return render(request, "giftshop/studio/brands.html", context)
