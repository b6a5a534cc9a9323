"""Offers in the studio: what runs, one to make and to change, what it gave and what that cost."""

from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.forms.version import SavedSince
from giftshop.accounts.access import BrandRequest, member_of_brand
from giftshop.accounts.permissions import Permission
from giftshop.offers import write
from giftshop.offers.discount import in_words
from giftshop.offers.models import Offer
from giftshop.offers.use import given_by
from giftshop.offers.write import OfferRefusal, OfferRefused
from giftshop.studio.offers.forms import OfferForm
from redemption.codes import qr

PER_PAGE = 50
FIELDS = {
    OfferRefusal.FEWER: "uses_max",
    OfferRefusal.LESS: "budget",
    OfferRefusal.CODE_TAKEN: "promo_code",
}

seeing = member_of_brand(Permission.SEE_CAMPAIGNS)
making = member_of_brand(Permission.PLAN_CAMPAIGNS)


@require_safe
@seeing
def offer_list(request: BrandRequest) -> HttpResponse:
    """The newest first."""
    page = Paginator(Offer.objects.order_by("-created_at", "pk"), PER_PAGE)
    shown, today = page.get_page(request.GET.get("page")), _today(request)
    rows = [(each, each.state_on(today)) for each in shown]
    context = {**_common(request), "page": shown, "rows": rows}
    return render(request, "giftshop/studio/offers/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@making
def new_offer(request: BrandRequest) -> HttpResponse:
    form = _form(request, None)
    if not form.is_valid():
        return _form_page(request, form, None, 422 if form.is_bound else 200)
    now = timezone.now()
    try:
        made = write.add(brand=request.brand, facts=form.facts(), by=request.actor, now=now)
    except OfferRefused as refused:
        form.add_error(FIELDS[refused.reason], refused.reason.label)
        return _form_page(request, form, None, 422)
    messages.success(request, _("Your offer is made. Its page can be shown to people."))
    return _to(request, made)


@require_safe
@seeing
def offer(request: BrandRequest, offer_id: UUID) -> HttpResponse:
    """How it stands, its address, and each use with its cost."""
    shown, today = _find(offer_id), _today(request)
    given = given_by(shown, today)
    uses = shown.uses.select_related("code").order_by("-used_at", "pk")
    context = {
        **_common(request),
        "offer": shown,
        "given": given,
        "off_words": in_words(shown) if shown.takes_off else "",
        "state": shown.state_on(today, cost=given.cost if given else 1),
        "level": shown.level(given.cost if given else 1) if given or shown.takes_off else "",
        "address": _address(shown),
        "left": None if shown.budget is None else shown.budget - shown.spent,
        "page": Paginator(uses, PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "giftshop/studio/offers/offer.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@making
def change_offer(request: BrandRequest, offer_id: UUID) -> HttpResponse:
    shown = _find(offer_id)
    form, now = _form(request, shown), timezone.now()
    if not form.is_valid():
        return _form_page(request, form, shown, 422 if form.is_bound else 200)
    try:
        changed = write.rewrite(
            shown, facts=form.facts(), by=request.actor, now=now, seen=form.seen
        )
    except SavedSince:
        saved = _find(offer_id)
        form = _form(request, saved)
        form.show_over_saved()
        return _form_page(request, form, saved, 409)
    except OfferRefused as refused:
        form.add_error(FIELDS[refused.reason], refused.reason.label)
        return _form_page(request, form, shown, 422)
    messages.success(request, _("Saved.") if changed else _("Nothing had changed."))
    return _to(request, shown)


@require_POST
@making
def pause(request: BrandRequest, offer_id: UUID) -> HttpResponse:
    """It rests; with `on` in what is posted it goes on."""
    shown, now = _find(offer_id), timezone.now()
    if "on" in request.POST:
        write.go_on(shown, by=request.actor, now=now)
        messages.success(request, _("It goes on."))
    else:
        write.pause(shown, by=request.actor, now=now)
        messages.success(request, _("It rests. What was given stays good."))
    return _to(request, shown)


@require_safe
@seeing
def offer_qr(request: BrandRequest, offer_id: UUID) -> HttpResponse:
    """Its address as a QR for a poster."""
    shown = _find(offer_id)
    name = f'attachment; filename="{shown.slug}.svg"'
    drawn = qr.svg_file(_address(shown))
    return HttpResponse(drawn, content_type="image/svg+xml", headers={"Content-Disposition": name})


def _find(offer_id: UUID) -> Offer:
    return get_object_or_404(Offer.objects.select_related("brand", "treat"), pk=offer_id)


def _address(shown: Offer) -> str:
    return settings.BASE_URL + reverse("offer", args=[shown.slug])


def _today(request: BrandRequest) -> date:
    return timezone.localdate(timezone.now(), request.brand.tz)


def _to(request: BrandRequest, shown: Offer) -> HttpResponse:
    return redirect("studio_offer", brand_slug=request.brand.slug, offer_id=shown.pk)


def _form(request: BrandRequest, shown: Offer | None) -> OfferForm:
    data = request.POST if request.method == "POST" else None
    return OfferForm.of(data, shown, brand=request.brand, today=_today(request))


def _common(request: BrandRequest) -> dict[str, Any]:
    may_edit = Permission.PLAN_CAMPAIGNS in request.may
    return {"brand": request.brand, "section": "offers", "may_edit": may_edit}


def _form_page(
    request: BrandRequest, form: OfferForm, shown: Offer | None, status: int
) -> HttpResponse:
    context = {**_common(request), "form": form, "offer": shown}
    return render(request, "giftshop/studio/offers/form.html", context, status=status)
