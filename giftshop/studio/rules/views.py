"""The brand's rules in the studio: reversing, voiding, expiry."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from giftshop.accounts.access import BrandRequest, actor_of, member_of_brand
from giftshop.accounts.models import Membership
from giftshop.studio.rules.changes import change_rules
from giftshop.studio.rules.forms import RulesForm

FIVE_YEARS = 5 * 365 + 1
"""Days. What US federal law asks of paid gifts at least."""


@require_http_methods(["GET", "HEAD", "POST"])
@member_of_brand(Membership.Role.OWNER)
def rules(request: BrandRequest) -> HttpResponse:
    form = RulesForm(request.POST if request.method == "POST" else None, brand=request.brand)
    if form.is_bound and form.is_valid():
        by = actor_of(request.user)
        changed = change_rules(brand=request.brand, rules=form.rules(), by=by)
        messages.success(request, _("Saved.") if changed else _("Nothing had changed."))
        return redirect("rules", brand_slug=request.brand.slug)
    short = request.brand.country == "US" and request.brand.gift_valid_days < FIVE_YEARS
    context = {"brand": request.brand, "section": "rules", "form": form, "too_short": short}
    status = 422 if form.is_bound else 200
    return render(request, "giftshop/studio/rules/form.html", context, status=status)
