"""Which language this browser reads: kept in a cookie of its own, whoever is signed in."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods
from django.views.i18n import set_language


@csrf_exempt  # all a foreign page could do is to have this browser read German; so no page needs a token
@require_http_methods(["GET", "HEAD", "POST"])
def language(request: HttpRequest) -> HttpResponse:
    """Keeps the `language` that is posted, if we speak it, and leads back to `next`, if that is a page
    of ours, else to where it was asked or to the start. GET changes nothing. No query."""
    return set_language(request)
