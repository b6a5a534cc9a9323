"""Whether it is still them: who changes how they sign in shows it anew, unless they signed in just now."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.core.internal.cryptokit import compare_user_code
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from giftshop.accounts.access import signed_in
from giftshop.accounts.browser_sessions import change_cookie
from giftshop.accounts.models import AccountLetter, User
from giftshop.accounts.session_limits import OWN, SINCE
from giftshop.sign_in import letters
from giftshop.sign_in.factors import factors
from redemption import rate_limits

FRESH = timedelta(minutes=15)
LETTERS_MAX, TRIES_MAX = 3, 3
CODE_LASTS = timedelta(minutes=10)
_PROVEN, _SENT = OWN + "proven-at", OWN + "proof-code"


def is_fresh(request: HttpRequest) -> bool:
    """Signed in or proven a short while ago, in this browser."""
    last: int = max(request.session.get(SINCE, 0), request.session.get(_PROVEN, 0))
    return time.time() - last < FRESH.total_seconds()


def proven(request: HttpRequest) -> None:
    """From now on they need not show it again for a while; a copy of the cookie does not have it."""
    request.session[_PROVEN] = int(time.time())
    request.session.pop(_SENT, None)
    change_cookie(request)


def fresh_sign_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For whoever signed in and has just shown it; else it is asked, and leads back here."""

    @signed_in
    @wraps(view)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_fresh(request):
            return view(request, *args, **kwargs)
        return ask(
            request.path if request.method in {"GET", "HEAD"} else reverse("account_factors")
        )

    return guarded


def ask(back: str) -> HttpResponse:
    """The way to show it, and then to that page of ours."""
    return redirect(f"{reverse('account_proof')}?{urlencode({'next': back})}")


def fresh_with_factor(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """As `fresh_sign_in`, but only for whoever has a second factor: for a page that asks anybody else for the
    same code itself. A query where the sign-in is not fresh."""
    asking = fresh_sign_in(view)

    @signed_in
    @wraps(view)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        is_free = is_fresh(request) or not factors.of(request.user).are_some
        return (view if is_free else asking)(request, *args, **kwargs)

    return guarded


def send_code(request: HttpRequest, user: User, *, now: datetime) -> int:
    """To their own address, for whoever has no second factor yet. Returns the seconds to wait if it is too
    often, else 0."""
    counted = {rate_limits.key("proof", "user", str(user.pk)): LETTERS_MAX}
    wait = rate_limits.count(counted, now=now)
    if wait:
        return wait
    code = get_adapter().generate_login_code()
    letters.write(user, kind=AccountLetter.Kind.PROOF_CODE, secret=code, now=now)
    request.session[_SENT] = {
        "code": code, "tries": 0, "until": (now + CODE_LASTS).isoformat(),
    }  # fmt: skip
    return 0


def is_waiting(request: HttpRequest, *, now: datetime) -> bool:
    """Whether a code was sent that is still good."""
    sent = request.session.get(_SENT)
    return bool(sent and sent["tries"] < TRIES_MAX and now <= datetime.fromisoformat(sent["until"]))


def is_right(request: HttpRequest, code: str, *, now: datetime) -> bool:
    """Of the code that was sent; three tries."""
    if not is_waiting(request, now=now):
        return False
    sent = request.session[_SENT]
    sent["tries"] += 1
    request.session.modified = True
    return bool(compare_user_code(actual=code, expected=sent["code"]))
