"""Who is visiting, without knowing who: a random first-party id, so that a link can earn its order."""

from collections.abc import Callable
from functools import partial
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from campaigns.links import followed
from campaigns.links.visitors import asks_not_to_be_tracked
from core import crypto

COOKIE = "visitor"
COOKIE_DAYS = 90


class VisitorRequest(HttpRequest):
    """What the middleware puts on every request."""

    visitor_id: str
    """Empty of whoever never followed a tracking link, or asks not to be tracked."""
    least_recipients: Callable[..., int]
    """By `brand`: to how many whoever came by a link is asked to give."""


class VisitorMiddleware:
    """Makes each request a VisitorRequest. The cookie is set only once a tracking link was followed. Who asks
    not to be tracked has no id, and loses the cookie of earlier days."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        known, unwanted = request.COOKIES.get(COOKIE, ""), asks_not_to_be_tracked(request)
        visitor = cast(VisitorRequest, request)
        visitor.visitor_id = "" if unwanted else known[:64]
        visitor.least_recipients = partial(followed.least_recipients, visitor_id=visitor.visitor_id)
        response = self.get_response(request)
        if known and unwanted:
            response.delete_cookie(COOKIE, samesite="Lax")
        return response


def remember_visitor(response: HttpResponse, visitor_id: str) -> None:
    response.set_cookie(
        COOKIE,
        visitor_id,
        max_age=COOKIE_DAYS * 24 * 3600,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def new_visitor_id() -> str:
    return crypto.new_token()
