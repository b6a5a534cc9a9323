"""Request-wide concerns: whose address it is, and one log line for each request."""

import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.template.response import SimpleTemplateResponse
from django.urls import Resolver404, resolve
from django.utils import translation

from giftshop.logs import REQUESTS

log = logging.getLogger(REQUESTS)


def client_ip(request: HttpRequest) -> str:
    """The visitor's address: the peer's, or what the known number of proxies passed on.

    Headers that anybody could have sent are not believed (OWASP ASVS 15.3.4).
    """
    peer = str(request.META.get("REMOTE_ADDR", ""))
    if not settings.TRUSTED_PROXY_COUNT:
        return peer
    hops = [
        hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()
    ]
    return (
        hops[-settings.TRUSTED_PROXY_COUNT] if len(hops) >= settings.TRUSTED_PROXY_COUNT else peer
    )


def remember_address(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Puts `client_ip` on the request, for apps that know nothing of this one."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.client_ip = client_ip(request)  # type: ignore[attr-defined]
        return get_response(request)

    return middleware


def refuse_nul(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """400 for a NUL in a query or a cookie: no person sends one, and no text column takes it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        texts = list(request.COOKIES.values())
        texts += [text for _name, values in request.GET.lists() for text in values]
        if any("\x00" in text for text in texts):
            return HttpResponseBadRequest()
        return get_response(request)

    return middleware


TILL_DOORS = ("/api/v1/lookups/", "/api/v1/redemptions/")
NOTHING_TO_LOAD = "default-src 'none'; frame-ancestors 'none'"


def let_tills_pass(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Leads the API's doors past the middleware that only pages need: an API call has no session, no
    language, no form and no message. Whatever is none of these doors goes on as usual."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(TILL_DOORS):
            return get_response(request)
        try:
            match = resolve(request.path_info)
        except Resolver404:
            return get_response(request)
        request.resolver_match = match
        with translation.override(_language_of(request)):
            response: HttpResponse = match.func(request, *match.args, **match.kwargs)
            if isinstance(response, SimpleTemplateResponse):
                response.render()
        response["Content-Security-Policy"] = NOTHING_TO_LOAD
        return response

    return middleware


def _language_of(request: HttpRequest) -> str:
    """The caller's, if it says; never that of whoever was answered before by the same thread."""
    if "HTTP_ACCEPT_LANGUAGE" in request.META:
        return translation.get_language_from_request(request)
    return settings.LANGUAGE_CODE


class RequestLogMiddleware:
    """Logs the route, never the path: a path can hold a token."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.monotonic()
        response = self.get_response(request)
        match = request.resolver_match
        log.info(
            "request",
            extra={
                "method": request.method,
                "route": match.route if match else "",
                "status": response.status_code,
                "milliseconds": round((time.monotonic() - started) * 1000, 1),
            },
        )
        return response
