"""The pages of a change of address: which it shall be, and the codes of both ends."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.bidi import isolated
from giftshop.accounts.access import signed_in
from giftshop.accounts.models import User
from giftshop.http import sign_in_limits
from giftshop.http.rate_limits import too_often
from giftshop.sign_in import address
from giftshop.sign_in.factors.proof import fresh_with_factor
from giftshop.sign_in.forms import AddressCodesForm, AddressForm

page = require_http_methods(["GET", "HEAD", "POST"])


@page
@fresh_with_factor
@never_cache
def account_address(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    form = AddressForm(request.POST if request.method == "POST" else None, present=user.email)
    if form.is_valid():
        wanted: str = form.cleaned_data["email"]
        wait = address.ask(request, user, wanted, now=timezone.now())
        return too_often(request, wait) if wait else redirect("account_address_codes")
    status = 422 if form.is_bound else 200
    return render(request, "giftshop/accounts/address.html", {"form": form}, status=status)


@page
@signed_in
@never_cache
def account_address_codes(request: HttpRequest) -> HttpResponse:
    """For the browser that asked, as long as its codes are good."""
    user, now = cast(User, request.user), timezone.now()
    wanted = address.waiting(request, now=now)
    if not wanted:
        return redirect("account_address")
    form = AddressCodesForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if address.change(request, user, **form.cleaned_data, now=now):
            said = _("From now on you sign in with %(email)s.") % {"email": isolated(wanted)}
            messages.success(request, said)
            response = redirect("account")
            sign_in_limits.remember(request, response, wanted)
            return response
        form.add_error(None, _("These are not the two codes that we sent last."))
    context = {"form": form, "wanted": wanted}
    status = 422 if form.is_bound else 200
    return render(request, "giftshop/accounts/address_codes.html", context, status=status)
