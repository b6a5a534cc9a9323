"""The way into the studio: choosing a brand."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from giftshop.accounts.access import signed_in
from giftshop.accounts.models import User


@require_safe
@signed_in
def studio(request: HttpRequest) -> HttpResponse:
    """Straight in for whoever works for one brand."""
    assert isinstance(request.user, User)  # nosec B101  # signed in
    memberships = list(request.user.memberships.select_related("brand").order_by("brand__name"))
    if len(memberships) == 1:
        return redirect("dashboard", brand_slug=memberships[0].brand.slug)
    return render(request, "giftshop/studio/brands.html", {"memberships": memberships})
