"""Request-wide concerns: whose address it is, and one log line for each request."""

import logging
import time
from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.template.response import SimpleTemplateResponse
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import translation

from giftshop.logs import REQUESTS

log = logging.getLogger(REQUESTS)


def client_ip(request: HttpRequest) -> str:
    """The visitor's address: the peer's, or what the known number of proxies passed on.

    Headers that anybody could have sent are not believed (OWASP ASVS 15.3.4).
    """
    peer, proxies = str(request.META.get("REMOTE_ADDR", "")), settings.TRUSTED_PROXY_COUNT
    if not proxies:
        return peer
    passed_on = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    hops = [hop.strip() for hop in passed_on if hop.strip()]
    return hops[-proxies] if len(hops) >= proxies else peer


def remember_address(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Makes REMOTE_ADDR the visitor's, for apps that know nothing of proxies."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.META["REMOTE_ADDR"] = client_ip(request)
        return get_response(request)

    return middleware


def refuse_nul(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """400 for a NUL in a query or a cookie: no person sends one, and no text column takes it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        texts: list[str] = []
        if request.META.get("HTTP_COOKIE"):
            texts += request.COOKIES.values()
        if request.META.get("QUERY_STRING"):
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
            match = _door(request.path_info)
        except Resolver404:
            return get_response(request)
        request.resolver_match = match
        language = _language_of(request)
        if language == translation.get_language():
            response = _answer(request, match)
        else:  # that of whoever was answered before by the same thread, who gets it back
            with translation.override(language):
                response = _answer(request, match)
        response["Content-Security-Policy"] = NOTHING_TO_LOAD
        return response

    return middleware


def _door(path: str) -> ResolverMatch:
    return _known_door(path) if path in TILL_DOORS else resolve(path)


_known_door = cache(resolve)


def _answer(request: HttpRequest, match: ResolverMatch) -> HttpResponse:
    response: HttpResponse = match.func(request, *match.args, **match.kwargs)
    if isinstance(response, SimpleTemplateResponse):
        response.render()
    return response


def _language_of(request: HttpRequest) -> str:
    """The caller's, if it says."""
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
