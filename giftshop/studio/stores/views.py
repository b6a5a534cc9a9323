"""Stores in the studio: all of them, a new one, one to change or run, and what is sold out there."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from brands.models import Store, StoreQuerySet
from core.bidi import isolated
from core.forms.version import SavedSince, VersionedForm
from giftshop.accounts.access import BrandRequest, actor_of, member_of_brand
from giftshop.accounts.permissions import Permission
from giftshop.catalog.forms import SoldOutForm, said_of
from giftshop.catalog.sold_out import gone_at, mark_sold_out, name_of
from giftshop.orders.models import Gift
from giftshop.studio.opening import steps
from giftshop.studio.stores.changes import add_store, change_store
from giftshop.studio.stores.forms import RUN, StoreForm, copied_to_all_days
from redemption.models import Device

PER_PAGE = 25
SEARCHED = ("name", "city", "street", "postal_code", "operator")
SEARCH_LENGTH_MAX = 80

running_stores = member_of_brand(Permission.SEE_STORES, change=Permission.RUN_STORES)


@require_safe
@running_stores
def stores(request: BrandRequest) -> HttpResponse:
    """A page of stores by name; 5 queries for one store or a thousand."""
    words = request.GET.get("q", "").strip()[:SEARCH_LENGTH_MAX]
    page = Paginator(_found(request, words), PER_PAGE).get_page(request.GET.get("page"))
    context = {**_common(request), "page": page, "words": words}
    return render(request, "giftshop/studio/stores/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_of_brand(Permission.CHANGE_STORES)
def new_store(request: BrandRequest) -> HttpResponse:
    form = _form(request)
    if _wants_copy(request) or not form.is_valid():
        return _render_form(request, form)
    store = add_store(brand=request.brand, facts=form.facts(), by=actor_of(request.user))
    onward = steps.after_saving(request.brand, page="studio_new_store")
    said = _("%(name)s is there.") if onward else _("%(name)s is there. Now give it a device.")
    messages.success(request, said % {"name": isolated(store.name)})
    return redirect(onward or reverse("studio_store", args=[request.brand.slug, store.slug]))


@require_http_methods(["GET", "HEAD", "POST"])
@running_stores
def store(request: BrandRequest, slug: str) -> HttpResponse:
    shown = get_object_or_404(_with_devices(request), slug=slug)
    form = _form(request, shown)
    if _wants_copy(request) or not form.is_valid():
        return _render_form(request, form, shown)
    try:
        changed = change_store(
            store=shown, facts=form.facts(), by=actor_of(request.user), seen=form.seen
        )
    except SavedSince:
        shown = get_object_or_404(_with_devices(request), slug=slug)
        form = _form(request, shown)
        form.show_over_saved()
        return _render_form(request, form, shown)
    messages.success(request, _("Saved.") if changed else _("Nothing had changed."))
    return redirect("studio_store", brand_slug=request.brand.slug, slug=slug)


@require_http_methods(["GET", "HEAD", "POST"])
@member_of_brand(Permission.RUN_STORES)
def sold_out(request: BrandRequest, slug: str) -> HttpResponse:
    shown = get_object_or_404(request.stores.stores().select_related("brand"), slug=slug)
    sent = request.POST if request.method == "POST" else None
    form = _sold_out_form(sent, shown)
    if form.is_bound and form.is_valid():
        try:
            changed = mark_sold_out(
                store=shown,
                things=form.things(),
                until=form.cleaned_data["until"],
                by=actor_of(request.user),
                seen=form.seen,
            )
            messages.success(request, said_of(form, changed))
            return redirect("studio_sold_out", brand_slug=request.brand.slug, slug=slug)
        except SavedSince:
            form = _sold_out_form(sent, shown)
            form.show_over_saved()
    context = {**_common(request), "store": shown, "form": form}
    return render(request, "giftshop/studio/stores/sold_out.html", context, status=_status(form))


def _sold_out_form(sent: QueryDict | None, store: Store) -> SoldOutForm:
    return SoldOutForm(sent, store=store, now=timezone.now(), still_out=Gift.objects.still_out())


def _common(request: BrandRequest) -> dict[str, Any]:
    return {"brand": request.brand, "section": "stores"}


def _with_devices(request: BrandRequest) -> StoreQuerySet:
    connected = Q(devices__in=Device.objects.paired())
    return request.stores.stores().annotate(device_count=Count("devices", filter=connected))


def _found(request: BrandRequest, words: str) -> QuerySet[Store]:
    """All words must be found, each anywhere: "pike seattle"."""
    return _with_devices(request).matching(words, fields=SEARCHED).order_by("name", "city", "pk")


def _wants_copy(request: BrandRequest) -> bool:
    """Monday's hours for every day, asked for by a browser without scripts."""
    return request.method == "POST" and "copy" in request.POST


def _form(request: BrandRequest, shown: Store | None = None) -> StoreForm:
    used = (
        request.stores.stores().order_by("time_zone").values_list("time_zone", flat=True).distinct()
    )
    more: dict[str, Any] = {"brand": request.brand, "zones": used, "store": shown}
    if _wants_copy(request):
        form = StoreForm(initial=copied_to_all_days(request.POST), **more)
    else:
        form = StoreForm(request.POST if request.method == "POST" else None, **more)
    if shown and Permission.CHANGE_STORES not in request.may:
        form.keep(shown, but=RUN if Permission.RUN_STORES in request.may else ())
    return form


def _render_form(
    request: BrandRequest, form: StoreForm, shown: Store | None = None
) -> HttpResponse:
    context = {
        **_common(request),
        "form": form,
        "store": shown,
        "copied": _wants_copy(request),
        "gone": _names_of_gone(shown),
    }
    return render(request, "giftshop/studio/stores/form.html", context, status=_status(form))


def _names_of_gone(store: Store | None) -> list[str]:
    return [name_of(row.thing) for row in gone_at(store, timezone.now())] if store else []


def _status(form: VersionedForm) -> int:
    if form.is_outdated:
        return 409
    return 422 if form.is_bound and form.errors else 200
