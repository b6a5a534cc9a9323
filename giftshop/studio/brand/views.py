"""The brand itself in its studio: name, home, look."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.forms.version import SavedSince
from giftshop.accounts.access import BrandRequest, actor_of, member_of_brand
from giftshop.accounts.models import Membership
from giftshop.studio.brand.changes import BrandRefused, change_brand
from giftshop.studio.brand.forms import BrandForm


@require_http_methods(["GET", "HEAD", "POST"])
@member_of_brand(Membership.Role.OWNER)
def brand(request: BrandRequest) -> HttpResponse:
    form = BrandForm(request.POST if request.method == "POST" else None, brand=request.brand)
    if not form.is_valid():
        return _render(request, form, 422 if form.is_bound else 200)
    try:
        changed = change_brand(
            brand=request.brand,
            facts=form.facts(),
            by=actor_of(request.user),
            now=timezone.now(),
            seen=form.seen,
        )
    except BrandRefused as refused:
        form.add_error("currency", refused.reason.label)
        return _render(request, form, 409)
    except SavedSince:
        request.brand.refresh_from_db()
        form = BrandForm(request.POST, brand=request.brand)
        form.show_over_saved()
        return _render(request, form, 409)
    messages.success(request, _("Saved.") if changed else _("Nothing had changed."))
    return redirect("studio_brand", brand_slug=request.brand.slug)


def _render(request: BrandRequest, form: BrandForm, status: int) -> HttpResponse:
    context = {"brand": request.brand, "section": "brand", "form": form}
    return render(request, "giftshop/studio/brand/form.html", context, status=status)
