"""When something fails on our side: told in the form that whoever asked can read."""

import logging
import sys

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template import loader
from django.utils.translation import gettext as _
from django.views import defaults

from giftshop.postgresql.outage import describe, is_outage
from redemption.api.problems import respond
from redemption.telling import problem

RETRY_SECONDS = 2

log = logging.getLogger(__name__)


def server_error(request: HttpRequest) -> HttpResponseBase:
    """A problem for a program, a page for a person: 503 when it will pass, 500 when it is our fault."""
    error = sys.exc_info()[1]
    if is_outage(error):
        return _come_back(request, error)
    if _is_program(request):
        detail = _("Something went wrong on our side. Try again with the same key.")
        return respond(problem(status=500, reason="error", detail=detail))
    return defaults.server_error(request)


def _come_back(request: HttpRequest, error: BaseException | None) -> HttpResponseBase:
    match = request.resolver_match
    log.error("the database is away: %s", describe(error), extra={"route": match and match.route})
    if _is_program(request):
        detail = _("We can't reach our records right now. Try again with the same key.")
        return respond(
            problem(status=503, reason="unavailable", detail=detail, retry_after=RETRY_SECONDS)
        )
    page = loader.render_to_string("503.html")
    return HttpResponse(page, status=503, headers={"Retry-After": str(RETRY_SECONDS)})


def _is_program(request: HttpRequest) -> bool:
    return request.path_info.startswith("/api/")
