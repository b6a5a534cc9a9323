"""Request-wide concerns: whose address it is, and one log line for each request."""

import logging
import time
from collections.abc import Callable
from functools import cache
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import SimpleTemplateResponse
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import translation
from django.utils.translation import gettext as _

from core.problems import problem
from giftshop.http import errors
from giftshop.logs import REQUESTS
from redemption.api.problems import respond

log = logging.getLogger(REQUESTS)


def keep_no_copy(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """`no-store` on every answer whose view says nothing else: no cache has it, and Back shows nobody what
    was behind a sign-in, a draft or a secret link. What may be kept (the shop, its colours) says so."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store, private"
        return response

    return middleware


ADDRESS_LENGTH_MAX = 8_192
"""Of path and query together."""
SAFE = {"GET", "HEAD", "OPTIONS"}
HEADER_LENGTH_MAX = 8_192
HEADERS_LENGTH_MAX = 32_768
CONTENT_TYPE_LENGTH_MAX = 512


def refuse_long_headers(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """414 and 431 before anything reads an address or a header that no browser of ours sends.

    A cookie with a backslash is none of ours and is left out: before Python 3.12.5 unquoting one costs
    the square of its length.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        told = request.META
        if len(request.path) + len(told.get("QUERY_STRING", "")) > ADDRESS_LENGTH_MAX:
            return plain_refusal(request, 414, "address_too_long", _("This address is too long."))
        lengths = [len(told[name]) for name in told if name.startswith("HTTP_")]
        if (
            sum(lengths) > HEADERS_LENGTH_MAX
            or max(lengths, default=0) > HEADER_LENGTH_MAX
            or len(told.get("CONTENT_TYPE", "")) > CONTENT_TYPE_LENGTH_MAX
        ):
            text = _("Your browser sent more than we can read. Deleting our cookies may help.")
            return plain_refusal(request, 431, "headers_too_long", text)
        if "\\" in told.get("HTTP_COOKIE", ""):
            pairs = told["HTTP_COOKIE"].split(";")
            told["HTTP_COOKIE"] = ";".join(pair for pair in pairs if "\\" not in pair)
        return get_response(request)

    return middleware


def refuse_half_addresses(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """404 for a program that sends to /api/v1/lookups: led on to the address with a slash it would
    come by GET, and its body would be lost."""

    def middleware(request: HttpRequest) -> HttpResponse:
        path = request.path_info
        if not path.endswith("/") and path.startswith("/api/") and request.method not in SAFE:
            text = _("There is nothing here. The addresses of this API end with a slash.")
            return plain_refusal(request, 404, "not_found", text)
        return get_response(request)

    return middleware


def plain_refusal(request: HttpRequest, status: int, reason: str, text: str) -> HttpResponse:
    """A sentence for a person, a problem for a program."""
    if request.path_info.startswith("/api/"):
        return respond(problem(status=status, reason=reason, detail=text))
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")


def client_ip(request: HttpRequest) -> str:
    """The visitor's address: the peer's, or what at most so many proxies passed on, each of them named.

    Headers that anybody could have sent are gone by then (OWASP ASVS 15.3.4).
    """
    peer, proxies = str(request.META.get("REMOTE_ADDR", "")), settings.TRUSTED_PROXY_COUNT
    passed_on = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if proxies else []
    hops = [hop.strip() for hop in passed_on if hop.strip()][-proxies:] if proxies else []
    while hops and is_proxy(peer):
        peer = hops.pop()
    return peer


def is_proxy(peer: str) -> bool:
    """Whether who speaks to us is the proxy in front: by its network, or by our own unix socket, which
    has no address."""
    try:
        return not peer or any(ip_address(peer) in each for each in settings.TRUSTED_PROXIES)
    except ValueError:
        return False


def drop_forwarded_headers(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Takes X-Forwarded-* away unless the proxy said it, before anything believes it. Where there is no
    proxy nothing does, but that somebody says it tells that the peer is not who asks (/status)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if settings.TRUSTED_PROXY_COUNT and not is_proxy(request.META.get("REMOTE_ADDR", "")):
            for name in [name for name in request.META if name.startswith("HTTP_X_FORWARDED_")]:
                del request.META[name]
        return get_response(request)

    return middleware


def remember_address(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Makes REMOTE_ADDR the visitor's, for apps that know nothing of proxies."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.META["REMOTE_ADDR"] = client_ip(request)
        return get_response(request)

    return middleware


def refuse_nul(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """400 for a NUL in a query: no person sends one, and no text column takes it. (In a cookie it would
    be written with a backslash, and such cookies were left out already.)"""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.META.get("QUERY_STRING"):
            texts = (text for _name, values in request.GET.lists() for text in values)
            if any("\x00" in text for text in texts):
                return errors.refuse(request, 400)
        return get_response(request)

    return middleware


TILL_PATHS = ("/api/v1/lookups/", "/api/v1/redemptions/")
NOTHING_TO_LOAD = "default-src 'none'; frame-ancestors 'none'"


def let_tills_pass(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Leads the API's paths past the middleware that only pages need: an API call has no session, no
    language, no form and no message. Whatever is none of these paths goes on as usual."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(TILL_PATHS):
            return get_response(request)
        try:
            match = _match(request.path_info)
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


def _match(path: str) -> ResolverMatch:
    return _known_path(path) if path in TILL_PATHS else resolve(path)


_known_path = cache(resolve)


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
