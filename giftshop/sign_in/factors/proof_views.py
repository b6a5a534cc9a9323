"""The page that asks whether it is still them, before they change how they sign in."""

from datetime import datetime
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from giftshop.accounts.access import signed_in
from giftshop.accounts.models import User
from giftshop.http.rate_limits import too_often
from giftshop.sign_in.factors import codes, factors, passkeys, proof
from giftshop.sign_in.factors.forms import FactorCodeForm, PasskeyForm, ProofCodeForm
from giftshop.sign_in.factors.passkeys import WrongPasskey


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@never_cache
def account_proof(request: HttpRequest) -> HttpResponse:
    """A passkey or a code for whoever has a second factor; for anybody else a code by e-mail."""
    user, now = cast(User, request.user), timezone.now()
    own, posted = factors.of(user), request.POST if request.method == "POST" else None
    is_passkey = own.are_some and posted is not None and "credential" in posted
    kind = FactorCodeForm if own.are_some else ProofCodeForm
    form, wrong = kind(None if is_passkey else posted), ""
    try:
        if is_passkey:
            _check_passkey(request, user)
            return _proven(request)
        if form.is_valid():
            code = form.cleaned_data["code"]
            if _is_good(request, user, code, by_mail=not own.are_some, now=now):
                return _proven(request)
            form.add_error("code", _("That code is not right, or was used already."))
    except WrongPasskey as refused:
        wrong = str(refused.words)
    except codes.TooManyTries as many:
        return too_often(request, many.wait)
    context = {
        "form": form, "own": own, "wrong_passkey": wrong, "next": _next(request),
        "is_waiting": proof.is_waiting(request, now=now),
    }  # fmt: skip
    status = 422 if posted is not None else 200
    return render(request, "giftshop/accounts/factors/proof.html", context, status=status)


@require_POST
@signed_in
def account_proof_letter(request: HttpRequest) -> HttpResponse:
    """A code to their own address; for whoever has no second factor."""
    user = cast(User, request.user)
    if not factors.of(user).are_some:
        wait = proof.send_code(request, user, now=timezone.now())
        if wait:
            return too_often(request, wait)
    return proof.ask(_next(request))


def _is_good(request: HttpRequest, user: User, code: str, *, by_mail: bool, now: datetime) -> bool:
    """Raises TooManyTries. Those of an e-mail's code are counted for the person, too: in the session
    alone two requests at once may both read the count before."""
    if not by_mail:
        return bool(codes.check(user, code, now=now))
    codes.count_try(user, now=now)
    is_right = proof.is_right(request, code, now=now)
    if is_right:
        codes.was_right(user, now=now)
    return is_right


def _check_passkey(request: HttpRequest, user: User) -> None:
    form = PasskeyForm(request.POST)
    if not form.is_valid():
        raise WrongPasskey
    passkeys.check(request, form.cleaned_data["credential"], user).record_usage()


def _proven(request: HttpRequest) -> HttpResponse:
    where = _next(request)
    proof.proven(request)
    return redirect(where)


def _next(request: HttpRequest) -> str:
    """A page of ours."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else reverse("account_factors")
