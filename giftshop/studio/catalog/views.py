"""An owner's menu in the studio: all treats, a new one, one to change, its place, off the menu and back."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.bidi import isolated
from core.forms.version import SavedSince
from giftshop.accounts.access import BrandRequest, actor_of, member_of_brand
from giftshop.accounts.permissions import Permission
from giftshop.accounts.store_sets import EVERYWHERE
from giftshop.catalog.contents import Contents
from giftshop.catalog.menu import priced
from giftshop.catalog.models import Treat
from giftshop.studio.catalog.amounts import AmountEntry, free_price
from giftshop.studio.catalog.changes import (
    add_treat,
    archive_treat,
    change_treat,
    is_last,
    move_treat,
    restore_treat,
)
from giftshop.studio.catalog.contents import say_contents
from giftshop.studio.catalog.contents_form import ContentsEntry
from giftshop.studio.catalog.copy import copy_treat
from giftshop.studio.catalog.entry import MenuEntry
from giftshop.studio.catalog.ready_menu_forms import ReadyMenuForm
from giftshop.studio.catalog.ready_menus import READY_MENUS
from giftshop.studio.catalog.ready_menus import ready_menu as find_ready_menu
from giftshop.studio.catalog.stores import TreatStoresForm, say_stores
from giftshop.studio.stores.choice import looks_for_stores

PER_PAGE = 50

changing_the_menu = member_of_brand(Permission.CHANGE_MENU)


@require_safe
@member_of_brand(Permission.SEE_MENU)
def treats(request: BrandRequest) -> HttpResponse:
    """In menu order, archived ones last; 5 queries for one treat or a thousand."""
    found = Treat.objects.prefetch_related("prices").with_open_stores()
    found = found.order_by("-is_active", "position", "name")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    today = timezone.now().astimezone(request.brand.tz).date()
    page.object_list = priced(page.object_list, today)
    context = {**_common(request), "page": page, "today": today, "ready_menus": READY_MENUS}
    return render(request, "giftshop/studio/catalog/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@changing_the_menu
def ready_menu(request: BrandRequest, key: str) -> HttpResponse:
    """Three treats of a trade to begin with, once they have prices."""
    menu = find_ready_menu(key)
    if menu is None:
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = ReadyMenuForm(data, menu=menu, brand=request.brand)
    if not form.is_valid():
        context = {**_common(request), "menu": menu, "form": form}
        status = 422 if form.is_bound else 200
        return render(request, "giftshop/studio/catalog/ready_menu.html", context, status=status)
    with transaction.atomic():
        for facts, contents in form.facts():
            by, now = actor_of(request.user), timezone.now()
            added = add_treat(brand=request.brand, facts=facts, by=by, now=now)
            if contents and added.contents == Contents():
                say_contents(treat=added, contents=contents, by=by, now=now)
    messages.success(request, _("They are on the menu."))
    return redirect("studio_treats", brand_slug=request.brand.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@changing_the_menu
def new_treat(request: BrandRequest) -> HttpResponse:
    return _new(request, _entry(request))


@require_http_methods(["GET", "HEAD", "POST"])
@changing_the_menu
def new_amount(request: BrandRequest) -> HttpResponse:
    """A gift of any amount between two."""
    data = request.POST if request.method == "POST" else None
    return _new(request, AmountEntry(data, brand=request.brand))


def _new(request: BrandRequest, entry: MenuEntry) -> HttpResponse:
    if not (entry.is_bound and entry.is_valid()):
        return _render_entry(request, entry)
    added = add_treat(
        brand=request.brand, facts=entry.facts(), by=actor_of(request.user), now=timezone.now()
    )
    messages.success(request, _("%(name)s is on the menu.") % {"name": isolated(added.name)})
    return redirect("studio_treats", brand_slug=request.brand.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@changing_the_menu
def treat(request: BrandRequest, slug: str) -> HttpResponse:
    shown = _find(slug)
    entry = _entry(request, shown)
    if not (entry.is_bound and entry.is_valid()):
        return _render_entry(request, entry, shown)
    try:
        changed = change_treat(
            treat=shown,
            facts=entry.facts(),
            by=actor_of(request.user),
            now=timezone.now(),
            seen=entry.seen,
        )
    except SavedSince:
        shown = _find(slug)
        entry = _entry(request, shown)
        entry.show_over_saved()
        return _render_entry(request, entry, shown, status=409)
    messages.success(request, _("Saved.") if changed else _("Nothing had changed."))
    return redirect("studio_treat", brand_slug=request.brand.slug, slug=slug)


@require_http_methods(["GET", "HEAD", "POST"])
@changing_the_menu
def contents(request: BrandRequest, slug: str) -> HttpResponse:
    """Allergens and diet marks, of the treat and of each of its choices."""
    shown, data = _find(slug), request.POST if request.method == "POST" else None
    entry, status = ContentsEntry(data, treat=shown), 200
    if entry.is_bound and entry.is_valid():
        try:
            changed = say_contents(
                treat=shown,
                contents=entry.contents(),
                by=actor_of(request.user),
                now=timezone.now(),
                seen=entry.seen,
            )
        except SavedSince:
            shown = _find(slug)
            entry, status = ContentsEntry(data, treat=shown), 409
            entry.show_over_saved()
        else:
            messages.success(request, _("Saved.") if changed else _("Nothing had changed."))
            return redirect("studio_treat", brand_slug=request.brand.slug, slug=slug)
    elif entry.is_bound:
        status = 422
    context = {**_common(request), "entry": entry, "treat": shown}
    return render(request, "giftshop/studio/catalog/contents.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@changing_the_menu
def treat_stores(request: BrandRequest, slug: str) -> HttpResponse:
    """Which stores have it."""
    shown = _find(slug)
    if looks_for_stores(request):
        found = TreatStoresForm.with_found(request.POST, among=EVERYWHERE)
        return _render_stores(request, shown, found, 200)
    sent = request.POST if request.method == "POST" else None
    form = TreatStoresForm.over(shown, sent)
    if not form.is_valid():
        return _render_stores(request, shown, form, 422 if form.is_bound else 200)
    by, now = actor_of(request.user), timezone.now()
    try:
        changed = say_stores(treat=shown, where=form.place(), by=by, now=now, seen=form.seen)
    except SavedSince:
        shown = _find(slug)
        form = TreatStoresForm.over(shown, sent)
        form.show_over_saved()
        return _render_stores(request, shown, form, 409)
    messages.success(request, _("Saved.") if changed else _("Nothing had changed."))
    return redirect("studio_treat", brand_slug=request.brand.slug, slug=slug)


@require_http_methods(["GET", "HEAD", "POST"])
@changing_the_menu
def archival(request: BrandRequest, slug: str) -> HttpResponse:
    """The last one of the menu only with `sure` in what is posted: asked before, on a page of its own."""
    if request.method != "POST" or ("sure" not in request.POST and is_last(_find(slug))):
        context = {**_common(request), "treat": _find(slug)}
        status = 409 if request.method == "POST" else 200
        return render(request, "giftshop/studio/catalog/archival.html", context, status=status)
    return _do(request, slug, archive_treat, _("%(name)s is off the menu. Its gifts stay good."))


@require_POST
@changing_the_menu
def restoration(request: BrandRequest, slug: str) -> HttpResponse:
    return _do(request, slug, restore_treat, _("%(name)s is on the menu again."))


@require_POST
@changing_the_menu
def copy(request: BrandRequest, slug: str) -> HttpResponse:
    """Leads to the copy, to be made another treat."""
    copied = copy_treat(treat=_find(slug), by=actor_of(request.user), now=timezone.now())
    messages.success(request, _("This is the copy. It is off the menu until you put it on."))
    return redirect("studio_treat", brand_slug=request.brand.slug, slug=copied.slug)


@require_POST
@changing_the_menu
def place(request: BrandRequest, slug: str) -> HttpResponse:
    """One up with `up` in what is posted, else one down."""
    move_treat(treat=_find(slug), up="up" in request.POST)
    return redirect("studio_treats", brand_slug=request.brand.slug)


def _do(request: BrandRequest, slug: str, act: Callable[..., None], said: str) -> HttpResponse:
    shown = _find(slug)
    act(treat=shown, by=actor_of(request.user), now=timezone.now())
    messages.success(request, said % {"name": isolated(shown.name)})
    return redirect("studio_treats", brand_slug=request.brand.slug)


def _find(slug: str) -> Treat:
    menu = Treat.objects.select_related("brand").with_open_stores()
    return get_object_or_404(menu.prefetch_related("prices", "option_groups__options"), slug=slug)


def _common(request: BrandRequest) -> dict[str, Any]:
    return {"brand": request.brand, "section": "menu"}


def _entry(request: BrandRequest, shown: Treat | None = None) -> MenuEntry:
    data = request.POST if request.method == "POST" else None
    kind = AmountEntry if free_price(shown) else MenuEntry
    return kind(data, brand=request.brand, treat=shown)


def _render_stores(
    request: BrandRequest, shown: Treat, form: TreatStoresForm, status: int
) -> HttpResponse:
    context = {**_common(request), "form": form, "treat": shown}
    return render(request, "giftshop/studio/catalog/stores.html", context, status=status)


def _render_entry(
    request: BrandRequest, entry: MenuEntry, shown: Treat | None = None, *, status: int = 0
) -> HttpResponse:
    context = {**_common(request), "entry": entry, "treat": shown}
    status = status or (422 if entry.is_bound else 200)
    return render(request, "giftshop/studio/catalog/form.html", context, status=status)
