"""Which language this browser reads: kept in a cookie of its own, whoever is signed in."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods
from django.views.i18n import set_language


@csrf_exempt  # all a foreign page could do is to have this browser read German; so no page needs a token
@require_http_methods(["GET", "HEAD", "POST"])
def language(request: HttpRequest) -> HttpResponse:
    """Keeps the `language` that is posted, if we speak it, and leads back to `next`, if that is a page
    of ours, else to where it was asked or to the start. GET changes nothing. No query.

    A page says as `next` its path alone: anybody may lead people to an address with a query, and what
    others write must not stand in a compressed page (compression.py). The browser says where it stands.
    """
    stood = urlsplit(request.headers.get("Referer", ""))
    if stood.query and stood.path == request.POST.get("next"):
        given = request.POST.copy()
        given["next"] = f"{stood.path}?{stood.query}"
        request.POST = given  # type: ignore[assignment]  # a copy, which the stubs know as changeable
    return set_language(request)
