"""Who is visiting, without knowing who: a random first-party id, so that a link can earn its order."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from redemption import sealing

COOKIE = "visitor"
COOKIE_DAYS = 90


class VisitorMiddleware:
    """Puts `visitor_id` on every request; the cookie is set only once a tracking link was followed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.visitor_id = request.COOKIES.get(COOKIE, "")[:64]  # type: ignore[attr-defined]
        return self.get_response(request)


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
    return sealing.new_token()
