"""The devices of this store: pairing one by QR, its name, when it was last seen, and letting it go."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.bidi import isolated
from redemption.audit.actors import Actor
from redemption.codes import qr
from redemption.models import Device
from redemption.redeem import guess_limit
from redemption.till import devices as till_devices
from redemption.till import pin_tries, token_rotation, unblock
from redemption.till.session import TillRequest, manager_at_the_till
from redemption.till.views.manager.forms import DeviceForm, NewDeviceForm
from redemption.till.views.manager.frame import place


@require_http_methods(["GET", "HEAD", "POST"])
@manager_at_the_till
def devices(request: TillRequest) -> HttpResponse:
    """POST invites one: its one-time token is shown once and kept nowhere."""
    if request.method != "POST":
        return _page(request, NewDeviceForm())
    form = NewDeviceForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    invited, token = till_devices.invite(
        store=request.device.store,
        name=form.cleaned_data["name"],
        profile=form.cleaned_data["profile"],
        actor=Actor.staff(request.staff),
        by_device=request.device,
    )
    shown = invitation(invited, token)
    return _page(request, NewDeviceForm(), invitation=shown, **_state(invited), status=201)


def invitation(device: Device, token: str) -> dict[str, Any]:
    """What the page shows of an invited device: where to go, the text to type there, and both as a QR."""
    page = f"{settings.BASE_URL}{reverse('till_pair')}"
    return {"device": device, "token": token, "page": page, "svg": qr.svg(f"{page}#{token}")}


def pairing_state(device: Device, address: str) -> dict[str, Any]:
    """What device/state.html says of an invited device, and the address that tells it anew."""
    expired = device.paired_at is None and not device.awaits_pairing(timezone.now())
    return {"waiting": device, "expired": expired, "state_address": address}


def _state(device: Device) -> dict[str, Any]:
    return pairing_state(device, reverse("till_manager_device_state", args=[device.pk]))


@require_safe
@manager_at_the_till
def state(request: TillRequest, device_id: UUID) -> HttpResponse:
    """Asked for every two seconds while the QR is shown, until it is paired or too late."""
    context = _state(_find(request, device_id))
    return render(request, "redemption/device/state.html", context)


@require_safe
@manager_at_the_till
def device(request: TillRequest, device_id: UUID) -> HttpResponse:
    return _device(request, _find(request, device_id))


@require_POST
@manager_at_the_till
def name(request: TillRequest, device_id: UUID) -> HttpResponse:
    found, form = _find(request, device_id), DeviceForm(request.POST)
    if not form.is_valid():
        return _device(request, found, form=form, status=422)
    till_devices.rename(
        device=found,
        name=form.cleaned_data["name"],
        actor=Actor.staff(request.staff),
        by_device=request.device,
    )
    messages.success(request, _("Renamed to “%(name)s”.") % {"name": isolated(found.name)})
    return redirect("till_manager_device", device_id=found.pk)


@require_POST
@manager_at_the_till
def revocation(request: TillRequest, device_id: UUID) -> HttpResponse:
    """The device in hand goes only when that was said in so many words: it ends this very session."""
    found = _find(request, device_id)
    if found == request.device and not request.POST.get("this_one"):
        problem = _("This is the device in your hand. Tick that you mean it.")
        return _device(request, found, problem=problem, status=409)
    till_devices.revoke(device=found, actor=Actor.staff(request.staff), by_device=request.device)
    messages.success(
        request, _("“%(name)s” is disconnected from now on.") % {"name": isolated(found.name)}
    )
    return redirect("till_manager_devices")


@require_POST
@manager_at_the_till
def unblocking(request: TillRequest, device_id: UUID) -> HttpResponse:
    found = _find(request, device_id)
    unblock.unblock(device=found, actor=Actor.staff(request.staff))
    messages.success(
        request, _("“%(name)s” may try again at once.") % {"name": isolated(found.name)}
    )
    return redirect("till_manager_device", device_id=found.pk)


def _find(request: TillRequest, device_id: UUID) -> Device:
    """Of this store; any other is none."""
    devices = token_rotation.with_copied_at(
        Device.objects.select_related("store"), now=timezone.now()
    )
    return get_object_or_404(devices, pk=device_id, store=request.device.store)


def _page(
    request: TillRequest, form: NewDeviceForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    connected = Device.objects.paired().filter(store=request.device.store).order_by("name")
    context = place(request, "devices", form=form, connected=connected, **more)
    return render(request, "redemption/manager/devices.html", context, status=status)


def _device(
    request: TillRequest,
    found: Device,
    *,
    form: DeviceForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    pauses = [
        guess_limit.blocked_until(device_id=found.pk, now=now),
        pin_tries.device_paused_until(found, now=now),
    ]
    context = place(
        request,
        "devices",
        device=found,
        in_hand=found == request.device,
        blocked_until=max((until for until in pauses if until), default=None),
        form=form or DeviceForm(initial={"name": found.name}),
        problem=problem,
    )
    return render(request, "redemption/manager/device.html", context, status=status)
