"""How long the studio stays open in a browser: until nobody asked for a while, and never for ever.

When somebody was last here stands in their session, and is written a few times an hour only. What
belongs to the visitor and not to the studio (drafts of gifts) stays when the studio is closed.
"""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from redemption.till.session import SECONDS_HEADER, WARNING, TimeLeft, device_cookie

SINCE, SEEN = "studio-since", "studio-seen"
OWN = "own:"
"""How the name of what a session holds of the person, and not of the visitor, begins: it ends with their
sign-in, so that whoever signs in next in the same browser finds none of it."""
ENDED = "studio-ended"
"""In the session of somebody who was signed out by time: "idle", or "unsaved" if a form was lost by it."""
NOTES_PER_IDLE_TIME = 12

LONG = timedelta(hours=1)
"""An idle time from which on the warning comes earlier: whoever reads or writes so long looks up late."""


def end_old_sessions(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Makes `request.user` nobody after too long. Looked at when a page asks who it is, so that a page
    for everybody costs no query more. Then the answer says how long somebody stays signed in, and so
    does `request.time_left` for the page itself. Belongs behind AuthenticationMiddleware."""

    def middleware(request: HttpRequest) -> HttpResponse:
        signed_in = request.user
        request.user = SimpleLazyObject(lambda: _user_in_time(request, signed_in))  # type: ignore[assignment]
        response = get_response(request)
        # `time_left` would not tell: a till has one, too, of its own session.
        # A session is not saved with an answer that failed, and is empty for whoever signed out.
        if hasattr(request, "asked_who") and SEEN in request.session and response.status_code < 500:
            response.setdefault(SECONDS_HEADER, str(time_left(request).seconds))
        return response

    return middleware


def idle_time(request: HttpRequest) -> timedelta:
    """Shorter on a device at a counter, where others stand."""
    at_a_counter = device_cookie() in request.COOKIES
    idle: timedelta = settings.STUDIO_IDLE_AT_A_DEVICE if at_a_counter else settings.STUDIO_IDLE
    return idle


def _user_in_time(request: HttpRequest, user: Any) -> Any:
    if not user.is_authenticated:
        return user
    now, idle = int(time.time()), idle_time(request).total_seconds()
    since, seen = request.session.get(SINCE, 0), request.session.get(SEEN, 0)
    if now - seen > idle or now - since > settings.STUDIO_SESSION_MAX.total_seconds():
        _end(request)
        return AnonymousUser()
    if now - seen > idle / NOTES_PER_IDLE_TIME:
        request.session[SEEN] = now
    request.time_left = time_left(request)  # type: ignore[attr-defined]
    request.asked_who = True  # type: ignore[attr-defined]
    return user


def time_left(request: HttpRequest) -> TimeLeft:
    """By what stands in the session, which is never more than what is kept."""
    now, idle = int(time.time()), int(idle_time(request).total_seconds())
    most = int(settings.STUDIO_SESSION_MAX.total_seconds())
    seconds = min(request.session[SEEN] + idle, request.session[SINCE] + most) - now
    return TimeLeft(max(seconds, 0), 120 if idle >= LONG.total_seconds() else WARNING)


def count_as_use(request: HttpRequest) -> None:
    """From now on the whole idle time is theirs, whenever it was noted last."""
    request.session[SEEN] = int(time.time())


def _end(request: HttpRequest) -> None:
    for name in (SESSION_KEY, BACKEND_SESSION_KEY, HASH_SESSION_KEY, SINCE, SEEN):
        request.session.pop(name, None)
    _forget_own(request)
    request.session[ENDED] = "idle"
    request.session.cycle_key()  # the old cookie opens nothing, whoever has it


def _forget_own(request: HttpRequest) -> None:
    held = list(request.session.keys())
    for name in held:
        if name.startswith(OWN):
            del request.session[name]


@receiver(user_logged_in)
def _begin(request: HttpRequest, **_more: object) -> None:
    _forget_own(request)
    request.session[SINCE] = request.session[SEEN] = int(time.time())
    request.session.pop(ENDED, None)
