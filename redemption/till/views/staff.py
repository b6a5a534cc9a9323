"""Signing in and out at a device, and a manager's help for a paused PIN."""

from collections.abc import Callable
from functools import partial
from typing import cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from redemption.models import StaffMember
from redemption.till import pin_tries, unblock
from redemption.till import staff as till_staff
from redemption.till.session import (
    STATE_HEADER,
    TillRequest,
    from_paired_device,
    idle_minutes,
    keep_signed_in,
    last_person,
    sign_in,
    sign_out,
    signed_in_at_the_till,
)
from redemption.till.staff_rules import StaffRefused
from redemption.till.views.forms import PinForm, problem_of
from redemption.till.views.manager.forms import NewPinForm

OWN_PIN_FIRST = gettext_lazy("Sign in at a device and choose a PIN of your own first.")


@require_safe
@from_paired_device
def staff(request: TillRequest) -> HttpResponse:
    return _ask(request)


@require_POST
@from_paired_device
def sessions(request: TillRequest) -> HttpResponse:
    """Signs in. A device that asks in the middle of its work gets the part that changes."""
    form = PinForm(request.POST)
    if not form.is_valid():
        return _ask(request, problem_of(form), status=422)
    now = timezone.now()
    try:
        member = till_staff.sign_in(
            staff_id=form.cleaned_data["staff"],
            device=request.device,
            pin=form.cleaned_data["pin"],
            now=now,
        )
    except till_staff.WrongPin as wrong:
        return _ask(request, words_of(wrong), status=422)
    except pin_tries.PinPaused as paused:
        return _ask(request, paused=(form.cleaned_data["staff"], paused), status=429)
    response = (
        render(request, "redemption/till/till.html#person", {"staff": member}, status=201)
        if _in_a_dialog(request)
        else redirect("till")
    )
    if member.pin_is_temporary and _in_a_dialog(request):  # the page behind it leads on
        response[STATE_HEADER] = "disconnected"
    sign_in(response, member, request.device, now)
    return response


@require_POST
@from_paired_device
def end_session(request: TillRequest) -> HttpResponse:
    response = redirect("till_staff")
    sign_out(response, request.device)
    return response


@require_POST
@signed_in_at_the_till
def keep_session(_request: TillRequest) -> HttpResponse:
    """Whoever is warned that the idle minutes are nearly over says that they are here."""
    return HttpResponse(status=204)


@require_http_methods(["GET", "HEAD", "POST"])
@from_paired_device
def unlocking(request: TillRequest, staff_id: UUID) -> HttpResponse:
    """A manager types their own PIN, and the person who waits may try again."""
    people = StaffMember.objects.at(request.device.store)
    member = people.filter(pk=staff_id).first()
    if member is None:
        raise Http404
    managers = people.filter(role=StaffMember.Role.MANAGER).exclude(pk=member.pk)
    context = {**_place(request), "member": member, "people": managers}
    if request.method != "POST":
        return render(request, "redemption/till/unlock.html", context)
    form = PinForm(request.POST)
    problem = problem_of(form) or _with_managers_pin(
        request, form, partial(till_staff.unlock, member=member, device=request.device)
    )
    if not problem:
        return _ask(
            request, chosen=member.pk, notice=_("The pause is over. Type your own PIN now.")
        )
    context |= {"problem": problem, "chosen": _chosen(request)}
    return render(request, "redemption/till/unlock.html", context, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@from_paired_device
def unblocking(request: TillRequest) -> HttpResponse:
    """A manager types their own PIN, and this device may try codes and PINs again."""
    managers = StaffMember.objects.at(request.device.store).filter(role=StaffMember.Role.MANAGER)
    context = {**_place(request), "people": managers}
    if request.method != "POST":
        return render(request, "redemption/till/unlock.html", context)
    form = PinForm(request.POST)
    problem = problem_of(form) or _with_managers_pin(
        request, form, partial(unblock.unblock, device=request.device)
    )
    if not problem:
        return redirect("till")
    context |= {"problem": problem, "chosen": _chosen(request)}
    return render(request, "redemption/till/unlock.html", context, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_at_the_till
def own_pin(request: TillRequest) -> HttpResponse:
    """Whoever signed in with a PIN that somebody gave them chooses one that only they know."""
    form = NewPinForm(request.POST if request.method == "POST" else None)
    context = {**_place(request), "staff": request.staff, "form": form}
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "redemption/till/own_pin.html", context, status=status)
    try:
        member = till_staff.choose_pin(
            member=request.staff, pin=form.cleaned_data["pin"], device=request.device
        )
    except StaffRefused as refused:
        form.add_error("pin", str(refused.reason.label))
        return render(request, "redemption/till/own_pin.html", context, status=409)
    response = redirect("till")
    keep_signed_in(response, member, request.device, timezone.now())
    return response


def _with_managers_pin(request: TillRequest, form: PinForm, act: Callable[..., None]) -> str:
    """What stands in the way, or nothing once it is done in the manager's name."""
    try:
        manager = till_staff.sign_for(
            staff_id=form.cleaned_data["staff"],
            device=request.device,
            pin=form.cleaned_data["pin"],
        )
        act(actor=manager)
    except till_staff.WrongPin as wrong:
        return words_of(wrong)
    except till_staff.TemporaryPin:
        return str(OWN_PIN_FIRST)
    except pin_tries.PinPaused as paused:
        return words_of_pause(paused)
    except StaffRefused:
        return _("Only a manager can end a pause, and not their own.")
    return ""


def _ask(
    request: TillRequest,
    problem: str = "",
    *,
    paused: tuple[UUID, pin_tries.PinPaused] | None = None,
    chosen: UUID | None = None,
    notice: str = "",
    status: int = 200,
) -> HttpResponse:
    people = list(StaffMember.objects.at(request.device.store))
    context = {
        **_place(request),
        "people": people,
        "problem": problem,
        "paused_until": paused[1].until if paused else None,
        "paused": next((one for one in people if paused and one.pk == paused[0]), None),
        "chosen": chosen or _chosen(request) or last_person(request),
        "notice": notice,
        "again": _in_a_dialog(request),
        "idle_minutes": idle_minutes(request),
    }
    part = "#sign-in" if _in_a_dialog(request) else ""
    response = render(request, f"redemption/till/staff.html{part}", context, status=status)
    if paused:
        response["Retry-After"] = str(paused[1].seconds)
    return response


def _place(request: TillRequest) -> dict[str, object]:
    return {"store": request.device.store, "brand": request.device.brand}


def _chosen(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("staff", ""))
    except ValueError:
        return None


def _in_a_dialog(request: HttpRequest) -> bool:
    return bool(cast("object", getattr(request, "htmx", False)))


def words_of(wrong: till_staff.WrongPin) -> str:
    return ngettext(
        "That PIN doesn't fit. %(count)s more try before a pause.",
        "That PIN doesn't fit. %(count)s more tries before a pause.",
        wrong.tries_left,
    ) % {"count": wrong.tries_left}


def words_of_pause(paused: pin_tries.PinPaused) -> str:
    """How long to wait, where no clock counts down."""
    if paused.seconds <= 90:
        return ngettext(
            "Too many wrong PINs here. Try again in %(count)s second.",
            "Too many wrong PINs here. Try again in %(count)s seconds.",
            paused.seconds,
        ) % {"count": paused.seconds}
    minutes = -(-paused.seconds // 60)
    return ngettext(
        "Too many wrong PINs here. Try again in %(count)s minute.",
        "Too many wrong PINs here. Try again in %(count)s minutes.",
        minutes,
    ) % {"count": minutes}
