"""Pages about the people of all stores: the first manager, a paused PIN, where somebody works."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.bidi import isolated
from core.forms.version import SavedSince
from giftshop.accounts.access import BrandRequest, member_of_brand
from giftshop.accounts.models import User
from giftshop.accounts.permissions import Permission
from giftshop.studio.staff.forms import StoresForm, StudioPinForm, StudioStaffForm
from giftshop.studio.stores.choice import looks_for_stores
from redemption.models import StaffMember
from redemption.till import pin_tries, staff
from redemption.till.staff_rules import StaffRefused
from redemption.till.views.manager import staff_words
from redemption.till.views.manager.forms import NewPinForm, RoleForm

AT_ONCE = 48
NAME_LENGTH_MAX = 60
"""Of what is searched for: no name is longer."""

managing_staff = member_of_brand(Permission.MANAGE_STAFF)


@require_safe
@managing_staff
def people(request: BrandRequest) -> HttpResponse:
    theirs = Prefetch("stores", request.stores.stores().order_by("name"))
    everybody = request.stores.staff().order_by("-is_active", "name").prefetch_related(theirs)
    wanted = request.GET.get("q", "").strip()[:NAME_LENGTH_MAX]
    if wanted:
        everybody = everybody.filter(name__icontains=wanted)
    page = Paginator(everybody, AT_ONCE).get_page(request.GET.get("page"))
    pin_tries.mark_paused(page.object_list, now=timezone.now())
    context = {"brand": request.brand, "section": "staff", "page": page, "wanted": wanted}
    return render(request, "giftshop/studio/staff/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@managing_staff
def new(request: BrandRequest) -> HttpResponse:
    if looks_for_stores(request):
        form = StudioStaffForm.with_found(request.POST, among=request.stores)
    else:
        sent = request.POST if request.method == "POST" else None
        form = StudioStaffForm(sent, among=request.stores)
    if not form.is_valid():
        context = {"brand": request.brand, "section": "staff", "form": form}
        status = 422 if form.is_bound else 200
        return render(request, "giftshop/studio/staff/new.html", context, status=status)
    added = staff.add(
        brand=request.brand,
        stores=list(form.cleaned_data["stores"]),
        name=form.cleaned_data["name"],
        role=form.cleaned_data["role"],
        pin=form.cleaned_data["pin"],
        actor=request.actor,
    )
    messages.success(request, staff_words.ADDED % {"name": isolated(added.name)})
    return redirect("studio_staff", brand_slug=request.brand.slug)


@require_safe
@managing_staff
def person(request: BrandRequest, staff_id: UUID) -> HttpResponse:
    return _person(request, _find(request, staff_id))


@require_POST
@managing_staff
def pin(request: BrandRequest, staff_id: UUID) -> HttpResponse:
    member, form = _find(request, staff_id), _pin_form(request, request.POST)
    if not form.is_valid():
        return _person(request, member, pin_form=form, status=422)
    said = form.cleaned_data
    act = partial(staff.reset_pin, pin=said["pin"], vouched=said.get("vouched", False))
    return _do(request, member, act, staff_words.NEW_PIN)


@require_POST
@managing_staff
def role(request: BrandRequest, staff_id: UUID) -> HttpResponse:
    member = _find(request, staff_id)
    form = RoleForm.over(member, request.POST)
    if not form.is_valid():
        return _person(request, member, role_form=form, status=422)
    wanted = StaffMember.Role(form.cleaned_data["role"])
    act = partial(staff.change_role, role=wanted.value, seen=form.seen)
    try:
        return _do(request, member, act, staff_words.NEW_ROLE, role=wanted.label)
    except SavedSince:
        member.refresh_from_db()
        form = RoleForm.over(member, request.POST)
        form.show_over_saved()
        return _person(request, member, role_form=form, status=409)


@require_POST
@managing_staff
def stores(request: BrandRequest, staff_id: UUID) -> HttpResponse:
    member = _find(request, staff_id)
    if looks_for_stores(request):
        found = StoresForm.with_found(request.POST, among=request.stores)
        return _person(request, member, stores_form=found)
    form = StoresForm.over(member, request.POST, among=request.stores)
    if not form.is_valid():
        return _person(request, member, stores_form=form, status=422)
    wanted = list(form.cleaned_data["stores"])
    act = partial(staff.change_stores, stores=wanted, seen=form.seen)
    try:
        return _do(request, member, act, _("Saved where %(name)s works."))
    except SavedSince:
        form = StoresForm.over(member, request.POST, among=request.stores)
        form.show_over_saved()
        return _person(request, member, stores_form=form, status=409)


@require_POST
@managing_staff
def unlocking(request: BrandRequest, staff_id: UUID) -> HttpResponse:
    return _do(request, _find(request, staff_id), staff.unlock, staff_words.UNLOCKED)


@require_POST
@managing_staff
def deactivation(request: BrandRequest, staff_id: UUID) -> HttpResponse:
    return _do(request, _find(request, staff_id), staff.deactivate, staff_words.DEACTIVATED)


@require_POST
@managing_staff
def reactivation(request: BrandRequest, staff_id: UUID) -> HttpResponse:
    return _do(request, _find(request, staff_id), staff.reactivate, staff_words.REACTIVATED)


def _find(request: BrandRequest, staff_id: UUID) -> StaffMember:
    """Of any store that is theirs who ask; anybody else is nobody."""
    return get_object_or_404(request.stores.staff(), pk=staff_id)


def _do(
    request: BrandRequest,
    member: StaffMember,
    act: Callable[..., None],
    done: str | Promise,
    **said: object,
) -> HttpResponse:
    """Does it in the name of whoever asked, and goes back to the person's page with what came of it."""
    try:
        act(member=member, actor=request.actor)
    except StaffRefused as refused:
        return _person(request, member, problem=str(refused.reason.label), status=409)
    messages.success(request, str(done) % {"name": isolated(member.name), **said})
    return redirect("studio_person", brand_slug=request.brand.slug, staff_id=member.pk)


def _names(request: BrandRequest, ids: Sequence[UUID]) -> list[str]:
    """Of staff members and of the studio's store managers, by alphabet; whoever works elsewhere only is not
    named. Two queries, none for nobody."""
    if not ids:
        return []
    people = request.stores.staff().filter(pk__in=ids).values_list("name", flat=True)
    users = User.objects.filter(pk__in=ids).values_list("name", flat=True)
    named = sorted([*people, *filter(None, users)])
    return named if len(named) == len(ids) else [*named, _("Somebody at another store")]


def _pin_form(request: BrandRequest, data: QueryDict | None = None) -> NewPinForm:
    """Only who may vouch is asked whether they do."""
    return (StudioPinForm if Permission.VOUCH in request.may else NewPinForm)(data)


def _person(
    request: BrandRequest,
    member: StaffMember,
    *,
    pin_form: NewPinForm | None = None,
    role_form: RoleForm | None = None,
    stores_form: StoresForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    pin_tries.mark_paused([member], now=timezone.now())
    context: dict[str, Any] = {
        "brand": request.brand,
        "section": "staff",
        "member": member,
        "pin_form": pin_form or _pin_form(request),
        "known_to": ", ".join(map(isolated, _names(request, member.pin_known_to))),
        "role_form": role_form or RoleForm.over(member),
        "stores_form": stores_form or StoresForm.over(member, among=request.stores),
        "problem": problem,
    }
    return render(request, "giftshop/studio/staff/person.html", context, status=status)
