"""How often passwords may be tried, so that no outsider locks an owner out.

django-axes locks a name and an address together. Here a name that is tried from anywhere is slowed: each
address waits before each try at it, a minute at most, and a fresh address no longer than any other, so
whoever tries on and on takes nobody's turn. A browser that signed in before is not slowed by what others
do, nor locked by who shares its address: it bears a signed cookie, and is counted by itself.
"""

import secrets
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from core import crypto
from core.networks import network
from redemption import rate_limits
from redemption.models import RateCount

WRONG_PER_NAME = 10
"""Wrong passwords of one name within ten minutes, from anywhere; then each address waits before each try."""
PAUSE_MAX = timedelta(seconds=60)
WRONG_PER_BROWSER = 10
"""Of a browser that signed in before; above it, it is one like any other for ten minutes."""
NAMES_MAX = 5
"""So many people are remembered in one browser."""
KNOWN_FOR = timedelta(days=180)
NAME_LENGTH_MAX = 254
_SALT = "sign-in.known"


def name_in(request: HttpRequest) -> str:
    """The name that is tried, as the form reads it."""
    return request.POST.get("username", "").strip().lower()[:NAME_LENGTH_MAX]


def is_known(request: HttpRequest, name: str) -> bool:
    """Whether somebody of this name signed in with this browser before, and it tries no passwords itself.
    One query, none without the cookie."""
    browser, names = _cookie_of(request)
    if not browser or _digest(name) not in names:
        return False
    return _wrong_of_late(_key("browser", browser), timezone.now()) < WRONG_PER_BROWSER


def is_tried_by_known(request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
    """The same of the name that is tried, as django-axes asks."""
    return is_known(request, name_in(request))


def seconds_to_wait(request: HttpRequest, *, now: datetime | None = None) -> int:
    """Before this name is tried from this address; 0: it may be now, once. One query for most names."""
    now, name = now or timezone.now(), name_in(request)
    wrong = _wrong_of_late(_key("name", name), now)
    if wrong < WRONG_PER_NAME or is_known(request, name):
        return 0
    pause = min(PAUSE_MAX, timedelta(seconds=2 ** min(wrong - WRONG_PER_NAME, 6)))
    turn = _key("turn", f"{name} {network(request.META['REMOTE_ADDR'])}")
    if RateCount.objects.filter(key=turn, since__lte=now - pause).delete()[0]:
        return 0  # it was waited for; whoever else comes from there waits anew
    asked, _is_new = RateCount.objects.get_or_create(key=turn, defaults={"since": now, "count": 1})
    return max(1, ceil((asked.since + pause - now).total_seconds()))


def note_wrong(request: HttpRequest, *, now: datetime | None = None) -> None:
    """Count a wrong password, of a name whether there is one or not. One statement."""
    browser, _names = _cookie_of(request)
    counted = {_key("name", name_in(request)): WRONG_PER_NAME}
    if browser:
        counted[_key("browser", browser)] = WRONG_PER_BROWSER
    rate_limits.count(counted, now=now or timezone.now())


def remember(request: HttpRequest, response: HttpResponse, name: str) -> None:
    """This browser is known for this name from now on. Holds no name and opens nothing."""
    browser, names = _cookie_of(request)
    own = _digest(name)
    kept = [own, *(each for each in names if each != own)][:NAMES_MAX]
    response.set_cookie(
        _cookie_name(),
        signing.dumps([browser or secrets.token_urlsafe(12), *kept], salt=_SALT),
        max_age=KNOWN_FOR,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _cookie_of(request: HttpRequest) -> tuple[str, list[str]]:
    try:
        browser, *names = signing.loads(
            request.COOKIES.get(_cookie_name(), ""), salt=_SALT, max_age=KNOWN_FOR
        )
    except (signing.BadSignature, ValueError):
        return "", []
    return browser, names


def _wrong_of_late(key: str, now: datetime) -> int:
    rows = RateCount.objects.filter(key=key, since__gt=now - rate_limits.WINDOW)
    return rows.values_list("count", flat=True).first() or 0


def _key(kind: str, who: str) -> str:
    return rate_limits.key("login", kind, who)


def _digest(name: str) -> str:
    return crypto.digest(f"sign-in:{name}").hex()[:32]


def _cookie_name() -> str:
    return "__Host-known" if settings.SESSION_COOKIE_SECURE else "known"
