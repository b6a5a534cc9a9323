"""The counter devices and till systems of a brand's stores."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.bidi import isolated
from giftshop.accounts.access import BrandRequest, member_of_brand
from giftshop.accounts.permissions import Permission
from giftshop.studio.devices.forms import InvitationForm
from redemption.models import Device
from redemption.till import devices as till_devices
from redemption.till import token_rotation
from redemption.till.views.manager.devices import invitation, pairing_state
from redemption.till.views.manager.forms import DeviceForm

changing_devices = member_of_brand(Permission.CHANGE_DEVICES)


@require_http_methods(["GET", "HEAD", "POST"])
@member_of_brand(Permission.SEE_DEVICES, change=Permission.CHANGE_DEVICES)
def device_list(request: BrandRequest) -> HttpResponse:
    """The brand's devices. POST invites one: its one-time token is shown once and kept nowhere."""
    if request.method != "POST":
        return _page(request, InvitationForm(among=request.stores))
    form = InvitationForm(request.POST, among=request.stores)
    if not form.is_valid():
        return _page(request, form, status=422)
    device, token = till_devices.invite(
        store=form.cleaned_data["store"],
        name=form.cleaned_data["name"],
        actor=request.actor,
    )
    shown = invitation(device, token)
    state = _state(request, device)
    return _page(
        request, InvitationForm(among=request.stores), invitation=shown, **state, status=201
    )


@require_safe
@changing_devices
def device_state(request: BrandRequest, device_id: UUID) -> HttpResponse:
    """Asked for every two seconds while the QR is shown, until the device is paired or too late."""
    device = _find(request, device_id)
    context = {
        "brand": request.brand,
        **_state(request, device),
        "devices": _devices(request),
        "fresh": True,
    }
    return render(request, "giftshop/studio/devices/list.html#state", context)


@require_POST
@changing_devices
def device_name(request: BrandRequest, device_id: UUID) -> HttpResponse:
    device = _find(request, device_id)
    form = DeviceForm(request.POST, auto_id=f"%s-{device.pk}")
    if not form.is_valid():
        return _page(
            request,
            InvitationForm(among=request.stores),
            renamed=device,
            name_form=form,
            status=422,
        )
    till_devices.rename(device=device, name=form.cleaned_data["name"], actor=request.actor)
    messages.success(request, _("Renamed to “%(name)s”.") % {"name": isolated(device.name)})
    return redirect("devices", brand_slug=request.brand.slug)


@require_POST
@changing_devices
def device_revocation(request: BrandRequest, device_id: UUID) -> HttpResponse:
    device = _find(request, device_id)
    till_devices.revoke(device=device, actor=request.actor)
    messages.success(
        request, _("“%(name)s” is disconnected from now on.") % {"name": isolated(device.name)}
    )
    return redirect("devices", brand_slug=request.brand.slug)


def _find(request: BrandRequest, device_id: UUID) -> Device:
    devices = request.stores.within(Device.objects.select_related("store"))
    return get_object_or_404(devices, pk=device_id)


def _page(
    request: BrandRequest, form: InvitationForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {
        "brand": request.brand,
        "section": "devices",
        "form": form,
        "devices": _devices(request),
        **more,
    }
    return render(request, "giftshop/studio/devices/list.html", context, status=status)


def _state(request: BrandRequest, device: Device) -> dict[str, Any]:
    return pairing_state(device, reverse("device_state", args=[request.brand.slug, device.pk]))


def _devices(request: BrandRequest) -> list[Device]:
    """Connected counter devices and till systems, by store."""
    paired = request.stores.within(Device.objects.paired())
    devices = token_rotation.with_copied_at(paired, now=timezone.now())
    return list(devices.select_related("store").order_by("store__name", "name"))
