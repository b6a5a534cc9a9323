"""Pairing a device: the one-time token becomes the device's own, in a cookie."""

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from redemption.redeem import guess_limit
from redemption.redeem.reasons import Reason
from redemption.till import devices, session
from redemption.till.views.forms import PairingForm


@require_http_methods(["GET", "HEAD", "POST"])
def pair(request: HttpRequest) -> HttpResponse:
    """The token waits in the link's fragment, which no server sees; it comes here by POST only."""
    if request.method != "POST":
        return _page(request, PairingForm())
    form = PairingForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        paired = devices.pair(one_time_token=form.cleaned_data["token"])
    except devices.PairingRefused:
        return _refuse(request, form)
    logout(request)  # it stands at a counter from now on: no studio and no drafts in it
    response = redirect("till_pair")
    session.remember_device(response, paired.token)
    session.sign_out(response)
    return response


def _refuse(request: HttpRequest, form: PairingForm) -> HttpResponse:
    wait = guess_limit.count_failed_token(address=request.META["REMOTE_ADDR"])
    if wait:
        form.add_error("token", Reason.TOO_MANY_TRIES.label)
        response = _page(request, form, status=429)
        response["Retry-After"] = str(wait)
        return response
    form.add_error(
        "token",
        _("This link was used before, or is older than 15 minutes. Ask for a new one."),
    )
    return _page(request, form, status=422)


def _page(request: HttpRequest, form: PairingForm, status: int = 200) -> HttpResponse:
    token = request.COOKIES.get(session.device_cookie())
    device = devices.device_for_token(token) if token else None
    context = {"form": form, "device": device, "brand": device and device.brand}
    return render(request, "redemption/till/pair.html", context, status=status)
