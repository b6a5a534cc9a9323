"""The two buttons of the checklist. Both lead back to it, on the studio's first page."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from giftshop.accounts.access import BrandRequest, actor_of, member_of_brand
from giftshop.accounts.permissions import Permission
from giftshop.studio.opening.open import OpeningRefused, open_shop, try_payments

opening = member_of_brand(Permission.CHANGE_BRAND)


@require_POST
@opening
def payments_trial(request: BrandRequest) -> HttpResponse:
    """Asks Stripe and says its answer in words."""
    said = try_payments(request.brand, now=timezone.now())
    tell = messages.success if said.is_fine else messages.error
    tell(request, said.label)
    return _back(request)


@require_POST
@opening
def shop_opening(request: BrandRequest) -> HttpResponse:
    """Stripe is asked once more: a key may have been changed since it was tried."""
    said = try_payments(request.brand, now=timezone.now())
    if not said.is_fine:
        messages.error(request, said.label)
        return _back(request)
    try:
        open_shop(request.brand, by=actor_of(request.user), now=timezone.now())
        messages.success(request, _("Your shop is open. Here's to the first gift."))
    except OpeningRefused as refused:
        messages.warning(request, refused.reason.label)
    return _back(request)


def _back(request: BrandRequest) -> HttpResponse:
    return redirect("dashboard", brand_slug=request.brand.slug)
