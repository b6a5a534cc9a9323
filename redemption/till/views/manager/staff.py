"""The people of this store: who works here, somebody new, a new PIN, a role, coming and going."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.bidi import isolated
from core.forms.version import SavedSince
from redemption.audit.actors import Actor
from redemption.models import StaffMember
from redemption.till import pin_tries, session, staff
from redemption.till.session import TillRequest, manager_at_the_till
from redemption.till.staff_rules import StaffRefused
from redemption.till.views.manager import staff_words
from redemption.till.views.manager.forms import NewPinForm, NewStaffForm, RoleForm
from redemption.till.views.manager.frame import place


@require_safe
@manager_at_the_till
def people(request: TillRequest) -> HttpResponse:
    here = list(_here(request).order_by("-is_active", "name"))
    pin_tries.mark_paused(here, now=timezone.now())
    context = place(
        request,
        "staff",
        working=[person for person in here if person.is_active],
        gone=[person for person in here if not person.is_active],
    )
    return render(request, "redemption/manager/staff.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@manager_at_the_till
def new(request: TillRequest) -> HttpResponse:
    if request.method != "POST":
        return _new(request, NewStaffForm())
    form = NewStaffForm(request.POST)
    if not form.is_valid():
        return _new(request, form)
    added = staff.add(
        brand=request.device.brand,
        stores=[request.device.store],
        name=form.cleaned_data["name"],
        role=form.cleaned_data["role"],
        pin=form.cleaned_data["pin"],
        actor=Actor.staff(request.staff),
        device=request.device,
    )
    messages.success(request, staff_words.ADDED % {"name": isolated(added.name)})
    return redirect("till_manager_staff")


@require_safe
@manager_at_the_till
def person(request: TillRequest, staff_id: UUID) -> HttpResponse:
    return _person(request, _find(request, staff_id))


@require_POST
@manager_at_the_till
def pin(request: TillRequest, staff_id: UUID) -> HttpResponse:
    member, form = _find(request, staff_id), NewPinForm(request.POST)
    if not form.is_valid():
        return _person(request, member, pin_form=form, status=422)
    act = partial(staff.reset_pin, pin=form.cleaned_data["pin"])
    done = staff_words.OWN_PIN if member == request.staff else staff_words.NEW_PIN
    response = _do(request, member, act, done)
    if member == request.staff:  # the old PIN's session ends with it, and this is theirs
        member.refresh_from_db()
        session.keep_signed_in(response, member, request.device, timezone.now())
    return response


@require_POST
@manager_at_the_till
def role(request: TillRequest, staff_id: UUID) -> HttpResponse:
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
@manager_at_the_till
def unlocking(request: TillRequest, staff_id: UUID) -> HttpResponse:
    return _do(request, _find(request, staff_id), staff.unlock, staff_words.UNLOCKED)


@require_POST
@manager_at_the_till
def deactivation(request: TillRequest, staff_id: UUID) -> HttpResponse:
    return _do(request, _find(request, staff_id), staff.deactivate, staff_words.DEACTIVATED)


@require_POST
@manager_at_the_till
def reactivation(request: TillRequest, staff_id: UUID) -> HttpResponse:
    return _do(request, _find(request, staff_id), staff.reactivate, staff_words.REACTIVATED)


def _do(
    request: TillRequest,
    member: StaffMember,
    act: Callable[..., None],
    done: str | Promise,
    **said: object,
) -> HttpResponse:
    """Does it in the manager's name, and goes back to the person's page with what came of it."""
    try:
        act(member=member, actor=Actor.staff(request.staff), device=request.device)
    except StaffRefused as refused:
        return _person(request, member, problem=str(refused.reason.label), status=409)
    messages.success(request, str(done) % {"name": isolated(member.name), **said})
    return redirect("till_manager_person", staff_id=member.pk)


def _here(request: TillRequest) -> "QuerySet[StaffMember]":
    return StaffMember.objects.filter(stores=request.device.store)


def _find(request: TillRequest, staff_id: UUID) -> StaffMember:
    """Of this store; anybody else is nobody."""
    return get_object_or_404(_here(request), pk=staff_id)


def _new(request: TillRequest, form: Form) -> HttpResponse:
    context = place(request, "staff", form=form)
    status = 422 if form.is_bound else 200
    return render(request, "redemption/manager/staff_new.html", context, status=status)


def _person(
    request: TillRequest,
    member: StaffMember,
    *,
    pin_form: NewPinForm | None = None,
    role_form: RoleForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    pin_tries.mark_paused([member], now=timezone.now())
    more: dict[str, Any] = {
        "member": member,
        "is_self": member == request.staff,
        "pin_form": pin_form or NewPinForm(),
        "role_form": role_form or RoleForm.over(member),
        "problem": problem,
    }
    context = place(request, "staff", **more)
    return render(request, "redemption/manager/person.html", context, status=status)
