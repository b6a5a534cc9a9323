"""Signing in with a passkey alone, and the second step of signing in with something else."""

from typing import Any

from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from django.contrib.auth.views import RedirectURLMixin
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from giftshop.accounts.models import User
from giftshop.http.rate_limits import too_often
from giftshop.sign_in.factors import codes, factors, passkeys
from giftshop.sign_in.factors.forms import FactorCodeForm, PasskeyForm
from giftshop.sign_in.factors.passkeys import WrongPasskey
from giftshop.sign_in.forms import SignInForm
from giftshop.sign_in.social.providers import offered


@require_POST
@never_cache
def passkey_challenge(request: HttpRequest) -> HttpResponse:
    """For a script, which has a passkey sign it. The same for everybody."""
    return JsonResponse(passkeys.ask(request))


class _Next(RedirectURLMixin):
    """Where to go on from a sign-in: an address of ours that was asked for, else the studio."""

    next_page = "studio"

    def __init__(self, request: HttpRequest) -> None:
        self.request = request


@require_POST
@never_cache
def passkey_sign_in(request: HttpRequest) -> HttpResponse:
    """A passkey is both: what they have, and a finger, a face or a PIN. No second step follows."""
    if request.user.is_authenticated:
        return redirect("studio")
    form = PasskeyForm(request.POST)
    try:
        if not form.is_valid():
            raise WrongPasskey
        used = passkeys.check(request, form.cleaned_data["credential"])
    except WrongPasskey as wrong:
        form_below = SignInForm(request)
        del form_below.fields["username"].widget.attrs["autofocus"]  # what is wrong takes it
        context = {
            "form": form_below,
            "next": _Next(request).get_redirect_url(),
            "providers": offered(),
            "wrong_passkey": wrong.words,
        }
        return render(request, "giftshop/accounts/login.html", context, status=422)
    post_authentication(request, used, passwordless=True)
    begun = Login(
        user=used.user, redirect_url=_Next(request).get_success_url(), email=used.user.email
    )
    answer: HttpResponse = perform_login(request, begun)
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@login_stage_required(  # type: ignore[untyped-decorator]  # allauth has no types
    stage=AuthenticateStage.key, redirect_urlname="account_login"
)
def second_step(request: Any) -> HttpResponse:
    """For whoever has proven their address or password: a passkey, or a code. Then they are in."""
    stage = request._login_stage
    user: User = stage.login.user
    posted = request.POST if request.method == "POST" else None
    is_passkey = posted is not None and "credential" in posted
    form = FactorCodeForm(None if is_passkey else posted)
    wrong = ""
    try:
        used = _by_passkey(request, user) if is_passkey else _by_code(form, user)
    except WrongPasskey as refused:
        used, wrong = None, str(refused.words)
    except codes.TooManyTries as many:
        return too_often(request, many.wait)
    if used is not None:
        post_authentication(request, used)
        answer: HttpResponse = stage.exit()
        return answer
    context = {"form": form, "own": factors.of(user), "wrong_passkey": wrong}
    status = 422 if posted is not None else 200
    return render(request, "giftshop/accounts/factors/second_step.html", context, status=status)


def _by_passkey(request: HttpRequest, user: User) -> Authenticator:
    form = PasskeyForm(request.POST)
    if not form.is_valid():
        raise WrongPasskey
    return passkeys.check(request, form.cleaned_data["credential"], user)


def _by_code(form: FactorCodeForm, user: User) -> Authenticator | None:
    if not form.is_valid():
        return None
    used = codes.check(user, form.cleaned_data["code"], now=timezone.now())
    if used is None:
        form.add_error("code", _("That code is not right, or was used already."))
    return used
