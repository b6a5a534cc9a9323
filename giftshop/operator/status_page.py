"""/status, for whoever runs the product and for their monitors; for others there is no such page."""

from dataclasses import asdict
from ipaddress import ip_address

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import path
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from giftshop.operator import status as product

JSON, HTML = "application/json", "text/html"


@never_cache
@vary_on_headers("Accept", "Authorization")
def status(request: HttpRequest) -> HttpResponse:
    """200 when all is well, else 503; as JSON, or as a page for whoever prefers one. Raises Http404 for
    whoever neither is on this machine nor has the token."""
    if not _may_look(request):
        raise Http404
    return _tell(request)


@require_safe
def _tell(request: HttpRequest) -> HttpResponse:
    found = product.look()
    is_well = all(finding.is_well for finding in found.values())
    status_code = 200 if is_well else 503
    if request.get_preferred_type([JSON, HTML]) == HTML:
        rows = [
            {
                "title": product.TITLES[name],
                "finding": finding,
                "trouble": "" if finding.is_well else product.sentence(name, finding),
            }
            for name, finding in found.items()
        ]
        # Without the request: who asks would have to be looked up in the database.
        page = render_to_string("giftshop/status.html", {"is_well": is_well, "rows": rows})
        return HttpResponse(page, status=status_code)
    checks = {
        name: {key: value for key, value in asdict(finding).items() if value is not None}
        for name, finding in found.items()
    }
    body = {"status": "ok" if is_well else "trouble", "checks": checks}
    return JsonResponse(body, status=status_code)


def _may_look(request: HttpRequest) -> bool:
    return _has_token(request.headers.get("Authorization", "")) or _is_from_here(request)


def _has_token(authorization: str) -> bool:
    scheme, _space, token = authorization.partition(" ")
    wanted = settings.STATUS_TOKEN
    return bool(wanted) and scheme.lower() == "bearer" and constant_time_compare(token, wanted)


def _is_from_here(request: HttpRequest) -> bool:
    """Whether a program on this machine asks. Behind a proxy on this machine every peer is here: what it
    passed on says who asked, and counts if we believe its word at all (TRUSTED_PROXY_COUNT)."""
    told = request.headers.get("X-Forwarded-For")
    if "Forwarded" in request.headers or (told is not None and not settings.TRUSTED_PROXY_COUNT):
        return False
    hops = [hop.strip() for hop in (told or "").split(",")] if told is not None else []
    return all(map(_is_loopback, [*hops, request.META.get("REMOTE_ADDR", "")]))


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


urlpatterns = [path("status", status, name="status")]
