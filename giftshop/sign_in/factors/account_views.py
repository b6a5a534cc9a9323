"""The pages of somebody's own second factors. Each expects that they have shown who they are just now."""

import time
from typing import cast

from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from giftshop.accounts import second_factor
from giftshop.accounts.browser_sessions import row_of
from giftshop.accounts.models import User
from giftshop.accounts.session_limits import OWN
from giftshop.http.rate_limits import too_often
from giftshop.sign_in.factors import codes, factors, passkeys
from giftshop.sign_in.factors.factors import FactorRefusal
from giftshop.sign_in.factors.forms import (
    AppCodeForm,
    NewPasskeyForm,
    PasskeyNameForm,
)
from giftshop.sign_in.factors.passkeys import WrongPasskey
from giftshop.sign_in.factors.proof import fresh_sign_in
from redemption.codes import qr

CODES_SHOWN_FOR = 600
"""Seconds for which new recovery codes stand on their page, in the browser that made them."""
_SECRET, _SHOWN_UNTIL = OWN + "app-secret", OWN + "codes-shown-until"

page = require_http_methods(["GET", "HEAD", "POST"])


@page
@fresh_sign_in
@never_cache
def account_factors(request: HttpRequest) -> HttpResponse:
    """All that somebody has; what is posted here is a new passkey."""
    user, now = cast(User, request.user), timezone.now()
    form = NewPasskeyForm(request.POST if request.method == "POST" else None)
    own, wrong = factors.of(user), ""
    if form.is_bound and own.are_many:
        wrong = str(FactorRefusal.MANY.label)
    elif form.is_valid():
        try:
            credential = passkeys.read_new(request, form.cleaned_data["credential"])
        except WrongPasskey as refused:
            wrong = str(refused.words)
        else:
            name = form.cleaned_data["name"]
            try:
                made = factors.add_passkey(
                    user, name=name, credential=credential, here=row_of(request), now=now
                )
            except IntegrityError:  # somebody has it since
                wrong = str(WrongPasskey.words)
            else:
                _say(request, _("From now on you sign in with this passkey."))
                return _after_adding(request, made)
    elif form.is_bound and "name" not in form.errors:  # what is wrong there takes the focus
        wrong = str(WrongPasskey.words)
    else:
        form.errors.pop("credential", None)  # none was made, for want of a name
    context = {
        "form": form, "own": own, "wrong_passkey": wrong,
        "needed_from": second_factor.told_from(user, now=now), "now": now,
    }  # fmt: skip
    status = 422 if form.is_bound else 200
    return render(request, "giftshop/accounts/factors/factors.html", context, status=status)


@require_POST
@fresh_sign_in
@never_cache
def account_passkey_challenge(request: HttpRequest) -> HttpResponse:
    """For the page's script, which has the browser make a passkey; 422 for what would be refused afterwards,
    so that no device keeps a passkey that we do not know."""
    user = cast(User, request.user)
    is_named = "name" not in NewPasskeyForm(request.POST).errors
    if not is_named or factors.of(user).are_many:
        return JsonResponse({}, status=422)
    return JsonResponse(passkeys.ask_for_new(request, user))


@page
@fresh_sign_in
@never_cache
def account_passkey(request: HttpRequest, passkey_id: int) -> HttpResponse:
    """One of them: another name for it."""
    user = cast(User, request.user)
    shown = next((each for each in factors.of(user).passkeys if each.id == passkey_id), None)
    if shown is None:
        raise Http404
    posted = request.POST if request.method == "POST" else None
    form = PasskeyNameForm(posted, initial={"name": shown.name})
    if form.is_valid():
        factors.rename_passkey(user, passkey_id, form.cleaned_data["name"])
        messages.success(request, _("Saved."))
        return redirect("account_factors")
    context = {"form": form, "passkey": shown}
    status = 422 if form.is_bound else 200
    return render(request, "giftshop/accounts/factors/passkey.html", context, status=status)


@require_POST
@fresh_sign_in
def account_passkey_removal(request: HttpRequest, passkey_id: int) -> HttpResponse:
    user, here = cast(User, request.user), row_of(request)
    if not factors.remove_passkey(user, passkey_id, here=here, now=timezone.now()):
        raise Http404
    _say(request, _("That passkey opens nothing any more."))
    return redirect("account_factors")


@page
@fresh_sign_in
@never_cache
def account_app(request: HttpRequest) -> HttpResponse:
    """Set up an app: it reads the symbol, and its first code shows that it did."""
    user, now = cast(User, request.user), timezone.now()
    form = AppCodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _SECRET not in request.session:  # sent twice: the first was taken
        return _after_adding(request, _are_shown(request))
    secret = request.session.setdefault(_SECRET, generate_totp_secret())
    if form.is_valid():
        try:
            codes.count_try(user, now=now)
        except codes.TooManyTries as many:
            return too_often(request, many.wait)
        step = codes.step_of(secret, form.cleaned_data["code"], now=now)
        if step is not None:
            codes.was_right(user, now=now)
            del request.session[_SECRET]
            made = factors.add_app(user, secret=secret, step=step, here=row_of(request), now=now)
            _say(request, _("From now on you sign in with a code of this app."))
            return _after_adding(request, made)
        form.add_error("code", _("That is not the code that the app shows now."))
    context = {
        "form": form,
        "symbol": qr.svg(get_adapter().build_totp_url(user, secret)),
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
    }
    status = 422 if form.is_bound else 200
    return render(request, "giftshop/accounts/factors/app.html", context, status=status)


@require_POST
@fresh_sign_in
def account_app_removal(request: HttpRequest) -> HttpResponse:
    if factors.remove_app(cast(User, request.user), here=row_of(request), now=timezone.now()):
        _say(request, _("Codes of that app open nothing any more."))
    return redirect("account_factors")


@page
@fresh_sign_in
@never_cache
def account_recovery_codes(request: HttpRequest) -> HttpResponse:
    """New ones stand here once, for a while and in this browser; asking for others voids them."""
    user = cast(User, request.user)
    if request.method == "POST":
        if factors.make_codes(user, now=timezone.now()):
            _show_codes(request)
            return redirect("account_recovery_codes")
        messages.error(request, _("Add a passkey or an app first."))
        return redirect("account_factors")
    shown = factors.unused_codes(user) if _are_shown(request) else []
    context = {"codes": shown, "own": factors.of(user)}
    return render(request, "giftshop/accounts/factors/recovery_codes.html", context)


@require_safe
@fresh_sign_in
@never_cache
def account_recovery_codes_file(request: HttpRequest) -> HttpResponse:
    """To keep; as long as the page shows them."""
    if not _are_shown(request):
        raise Http404
    user = cast(User, request.user)
    lines = [f"Giftshop, {user.email}", "", *factors.unused_codes(user), ""]
    answer = HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="recovery-codes.txt"'
    return answer


def _say(request: HttpRequest, done: str) -> None:
    """What was done, and what it did beside."""
    beside = _("Every other browser is signed out.")
    messages.success(request, f"{done} {beside}")


def _after_adding(request: HttpRequest, made_codes: bool) -> HttpResponse:
    if not made_codes:
        return redirect("account_factors")
    _show_codes(request)
    return redirect("account_recovery_codes")


def _show_codes(request: HttpRequest) -> None:
    request.session[_SHOWN_UNTIL] = int(time.time()) + CODES_SHOWN_FOR


def _are_shown(request: HttpRequest) -> bool:
    return bool(request.session.get(_SHOWN_UNTIL, 0) > time.time())
