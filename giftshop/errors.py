"""When we are at fault: in the form that whoever asked can read."""

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.views import defaults

from redemption.api.problems import respond
from redemption.telling import problem


def server_error(request: HttpRequest) -> HttpResponseBase:
    """A problem for a program, a page for a person."""
    if request.path_info.startswith("/api/"):
        detail = _("Something went wrong on our side. Try again with the same key.")
        return respond(problem(status=500, reason="error", detail=detail))
    return defaults.server_error(request)
