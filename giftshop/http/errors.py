"""When a request fails: in the form that whoever asked can read.

Django's own handlers read the form once more, for their CSRF token; where that is what failed, they fail
too, and the server answers in their stead. These read nothing.
"""

import logging
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from csp.middleware import CSPMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from core.problems import problem
from giftshop.postgresql.outage import describe, is_outage
from redemption.api.problems import respond

RETRY_SECONDS = 2

log = logging.getLogger(__name__)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """400: a host that is none of ours, a form in letters that nobody writes."""
    return refuse(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """403."""
    return refuse(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """403 for a form that did not come from a page of ours, or from one that was open for too long."""
    return refuse(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """404."""
    return refuse(request, 404)


def say_wrong_method(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Django's 405 is empty, and a browser shows a page of its own for it: somebody who reloads or keeps the
    address of a form that was sent, or changes the language there, is led to the page that the form stands
    on: at once by a browser that says that a person goes there, else by words with a link."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if response.status_code != 405 or request.method != "GET" or _is_for_a_program(request):
            return response
        if request.headers.get("Sec-Fetch-Mode") == "navigate":
            led = HttpResponseRedirect(page_above(request.path_info))
            add_never_cache_headers(led)
            return led
        told = refuse(request, 405, page_above=page_above(request.path_info))
        told.headers["Allow"] = response.headers.get("Allow", "")
        return told

    return middleware


NO_PAGE = {
    "give",
    "give-recipient",
    "passkey_sign_in",
    "social_sign_in",
    "till_sessions",
    "till_redemptions",
    "device_state",
    "treat_picture_permit",
    "brand_picture_permit",
    "news_picture_permit",
    "studio_list_permit",
}
"""Addresses above a form's that take no GET either, or answer a part of a page."""


def page_above(path: str) -> str:
    """/gift/TOKEN/ of /gift/TOKEN/thanks/: a form's address begins with that of its page."""
    while path != "/":
        path = path.rstrip("/").rpartition("/")[0] + "/"
        with suppress(Resolver404):
            if resolve(path).url_name not in NO_PAGE:
                return path
    return path


def _is_for_a_program(request: HttpRequest) -> bool:
    return request.path_info.startswith("/api/") or "HX-Request" in request.headers


def server_error(request: HttpRequest) -> HttpResponseBase:
    """503 when it will pass, 500 when it is our fault."""
    error = sys.exc_info()[1]
    if not is_outage(error):
        return refuse(request, 500)
    match = request.resolver_match
    log.error("the database is away: %s", describe(error), extra={"route": match and match.route})
    return refuse(request, 503)


def refuse(request: HttpRequest, status: int, **context: Any) -> HttpResponseBase:
    """A page or a problem instead of an answer, also for a request that reaches no view. `context`: what
    the page says beyond its status."""
    if hasattr(request, "LANGUAGE_CODE"):
        return _told(request, status, context)
    # It failed early: the middleware that finds language and policy of a page never saw it.
    with translation.override(translation.get_language_from_request(request)):
        response = _told(request, status, context)
    policy = CSPMiddleware(lambda _request: response)
    policy.process_request(request)
    return policy.process_response(request, response)


def _told(request: HttpRequest, status: int, context: dict[str, Any]) -> HttpResponse:
    """A problem for a program, a page for a person."""
    if request.path_info.startswith("/api/"):
        reason, detail = _problem(status)
        more = {"retry_after": RETRY_SECONDS} if status == 503 else {}
        return respond(problem(status=status, reason=reason, detail=detail, **more))
    page = PAGES.get(status, "400.html")
    # When the fault is ours, the page asks for nothing that could be broken too.
    html = render_to_string(page, context, request=request if status < 500 else None)
    headers = {"Retry-After": str(RETRY_SECONDS)} if status == 503 else {}
    return HttpResponse(html, status=status, headers=headers)


PAGES = {
    403: "403.html",
    404: "404.html",
    405: "405.html",
    413: "413.html",
    500: "500.html",
    503: "503.html",
}
"""For every other status there is 400.html."""


def _problem(status: int) -> tuple[str, str]:
    match status:
        case 403:
            return "permission_denied", _("This address is not for you.")
        case 404:
            return "not_found", _("There is nothing here.")
        case 411:
            return "length_required", _("Say in Content-Length how long the request is.")
        case 413:
            return "too_large", _("The request is larger than this address takes.")
        case 500:
            return "error", _("Something went wrong on our side. Try again with the same key.")
        case 503:
            return "unavailable", _(
                "We can't reach our records right now. Try again with the same key."
            )
    return "bad_request", _("The request could not be read.")
