"""The guided opening: where its owner left it, the trial of the payments, and the last step, which opens
the shop."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from giftshop.accounts.access import BrandRequest, actor_of, member_of_brand
from giftshop.accounts.permissions import Permission
from giftshop.studio.opening import steps
from giftshop.studio.opening.open import OpeningRefused, open_shop, try_payments

opening = member_of_brand(Permission.CHANGE_BRAND)
to_read_and_post = require_http_methods(["GET", "HEAD", "POST"])


@to_read_and_post
@opening
def opening_step(request: BrandRequest) -> HttpResponse:
    """Leads to the step at which the opening was left. POST passes the step `past`, and leads to the next."""
    if request.brand.opened_at is not None:
        return redirect("dashboard", brand_slug=request.brand.slug)
    found = steps.read(request.brand)
    if request.method != "POST":
        return redirect(found.address(found.resumed_at))
    step = steps.of_key(request.POST.get("past", ""))
    if step is None:
        raise Http404
    if found.may_pass(step):
        step = steps.pass_step(request.brand, step)
    else:
        messages.warning(request, _("Nothing can be sold without this. Please fill it in first."))
    return redirect(found.address(step))


@to_read_and_post
@opening
def payments_trial(request: BrandRequest) -> HttpResponse:
    """What Stripe last said. POST asks it, and says its answer in words."""
    if request.method != "POST":
        context = {"brand": request.brand, "section": "payments"}
        return render(request, "giftshop/studio/opening/payments.html", context)
    said = try_payments(request.brand, now=timezone.now())
    tell = messages.success if said.is_fine else messages.error
    tell(request, said.label)
    return redirect("payments_trial", brand_slug=request.brand.slug)


@to_read_and_post
@opening
def shop_opening(request: BrandRequest) -> HttpResponse:
    """What is missing. POST opens, and asks Stripe once more: a key may have been changed since it was
    tried."""
    slug = request.brand.slug
    if request.brand.opened_at is not None:
        return redirect("dashboard", brand_slug=slug)
    if request.method != "POST":
        context = {"brand": request.brand, "section": "opening"}
        return render(request, "giftshop/studio/opening/open.html", context)
    said = try_payments(request.brand, now=timezone.now())
    if not said.is_fine:
        messages.error(request, said.label)
        return redirect("shop_opening", brand_slug=slug)
    try:
        open_shop(request.brand, by=actor_of(request.user), now=timezone.now())
    except OpeningRefused as refused:
        messages.warning(request, refused.reason.label)
        return redirect("shop_opening", brand_slug=slug)
    messages.success(request, _("Your shop is open. Here's to the first gift."))
    return redirect("dashboard", brand_slug=slug)
