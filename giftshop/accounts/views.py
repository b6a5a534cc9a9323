"""The doors to the studio: signing in, choosing a brand, and the tablets of its stores."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from giftshop import sign_in_limits
from giftshop.accounts.access import BrandRequest, actor_of, member_of_brand, signed_in
from giftshop.accounts.forms import SignInForm, TabletForm
from giftshop.accounts.models import Membership, User
from giftshop.accounts.session_limits import ENDED
from giftshop.rate_limits import too_often
from redemption.models import Device
from redemption.till import devices as till_devices
from redemption.till import token_rotation
from redemption.till.views.manager.devices import invitation
from redemption.till.views.manager.forms import DeviceForm


class SignIn(LoginView):
    template_name = "giftshop/accounts/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        wait = sign_in_limits.seconds_to_wait(request)
        return too_often(request, wait) if wait else super().post(request, *args, **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_valid(form)
        sign_in_limits.remember(self.request, response)
        return response

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        if "username" in form.cleaned_data:
            sign_in_limits.note_wrong(self.request)
        return super().form_invalid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """`ended`: why somebody is here again, said once."""
        ended = self.request.session.pop(ENDED, "") if ENDED in self.request.session else ""
        return super().get_context_data(**kwargs, ended=ended)


@require_GET
@signed_in
def studio(request: HttpRequest) -> HttpResponse:
    """Straight in for whoever works for one brand."""
    assert isinstance(request.user, User)  # nosec B101  # signed in
    memberships = list(request.user.memberships.select_related("brand").order_by("brand__name"))
    if len(memberships) == 1:
        return redirect("dashboard", brand_slug=memberships[0].brand.slug)
    return render(request, "giftshop/accounts/studio.html", {"memberships": memberships})


@require_http_methods(["GET", "POST"])
@member_of_brand(Membership.Role.OWNER)
def tablets(request: BrandRequest) -> HttpResponse:
    """The brand's tablets. POST invites one: its one-time token is shown once and kept nowhere."""
    if request.method == "GET":
        return _page(request, TabletForm())
    form = TabletForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    device, token = till_devices.invite(
        store=form.cleaned_data["store"],
        name=form.cleaned_data["name"],
        actor=actor_of(request.user),
    )
    shown = invitation(device, token)
    return _page(request, TabletForm(), invitation=shown, waiting=device, status=201)


@require_GET
@member_of_brand(Membership.Role.OWNER)
def tablet_state(request: BrandRequest, device_id: UUID) -> HttpResponse:
    """Asked for every two seconds while the QR is shown, until the tablet is paired or too late."""
    device = get_object_or_404(Device.objects.select_related("store"), pk=device_id)
    context = {
        "brand": request.brand,
        "waiting": device,
        "expired": device.paired_at is None and not device.awaits_pairing(timezone.now()),
        "devices": _devices(),
        "fresh": True,
    }
    return render(request, "giftshop/accounts/tablets.html#state", context)


@require_POST
@member_of_brand(Membership.Role.OWNER)
def tablet_name(request: BrandRequest, device_id: UUID) -> HttpResponse:
    device = get_object_or_404(Device, pk=device_id)
    form = DeviceForm(request.POST)
    if form.is_valid():
        till_devices.rename(
            device=device, name=form.cleaned_data["name"], actor=actor_of(request.user)
        )
        messages.success(request, _("Renamed to “%(name)s”.") % {"name": device.name})
    else:
        messages.error(request, _("A tablet needs a name of at most 60 letters."))
    return redirect("tablets", brand_slug=request.brand.slug)


@require_POST
@member_of_brand(Membership.Role.OWNER)
def tablet_revocation(request: BrandRequest, device_id: UUID) -> HttpResponse:
    device = get_object_or_404(Device, pk=device_id)
    till_devices.revoke(device=device, actor=actor_of(request.user))
    messages.success(request, _("“%(name)s” is disconnected from now on.") % {"name": device.name})
    return redirect("tablets", brand_slug=request.brand.slug)


def _page(
    request: BrandRequest, form: TabletForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {
        "brand": request.brand,
        "section": "tablets",
        "form": form,
        "devices": _devices(),
        **more,
    }
    return render(request, "giftshop/accounts/tablets.html", context, status=status)


def _devices() -> list[Device]:
    """Connected counter tablets and till systems, by store."""
    devices = token_rotation.with_copied_at(Device.objects.paired(), now=timezone.now())
    return list(devices.select_related("store").order_by("store__name", "name"))
