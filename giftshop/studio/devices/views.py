"""The counter devices and till systems of a brand's stores."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from brands.models import Store
from core.bidi import isolated
from giftshop.accounts.access import BrandRequest, member_of_brand
from giftshop.accounts.permissions import Permission
from giftshop.studio.devices.forms import InvitationForm
from giftshop.studio.pages import page_of
from giftshop.studio.stores.choice import looks_for_stores
from redemption.models import Device
from redemption.till import devices as till_devices
from redemption.till import token_rotation
from redemption.till.views.manager.devices import invitation, pairing_state
from redemption.till.views.manager.forms import DeviceForm

changing_devices = member_of_brand(Permission.CHANGE_DEVICES)
PER_PAGE = 16
SEARCH_LENGTH_MAX = 80


@require_http_methods(["GET", "HEAD", "POST"])
@member_of_brand(Permission.SEE_DEVICES, change=Permission.CHANGE_DEVICES)
def device_list(request: BrandRequest) -> HttpResponse:
    """The brand's devices. POST invites one: its one-time token is shown once and kept nowhere."""
    if request.method != "POST":
        return _page(request, InvitationForm(among=request.stores))
    if looks_for_stores(request):
        return _page(request, InvitationForm.with_found(request.POST, among=request.stores))
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
        "page": page_of(_devices(request), None, size=PER_PAGE),
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
    words = request.GET.get("q", "").strip()[:SEARCH_LENGTH_MAX]
    found = _devices(request, words)
    if renamed := more.get("renamed"):  # shown with what is wrong, on whichever page it would be
        found = found.filter(pk=renamed.pk)
    context = {
        "brand": request.brand,
        "section": "devices",
        "form": form,
        "page": page_of(found, request.GET.get("page"), size=PER_PAGE),
        "words": words,
        **more,
    }
    return render(request, "giftshop/studio/devices/list.html", context, status=status)


def _state(request: BrandRequest, device: Device) -> dict[str, Any]:
    return pairing_state(device, reverse("device_state", args=[request.brand.slug, device.pk]))


def _devices(request: BrandRequest, words: str = "") -> QuerySet[Device]:
    """Connected counter devices and till systems, by store. All words must be found, each in the device's
    name or in what is known of its store."""
    paired = request.stores.within(Device.objects.paired())
    devices = token_rotation.with_copied_at(paired, now=timezone.now())
    for word in words.split():
        devices = devices.filter(
            Q(name__icontains=word) | Q(store__in=Store.objects.matching(word))
        )
    return devices.select_related("store").order_by("store__name", "name", "pk")
