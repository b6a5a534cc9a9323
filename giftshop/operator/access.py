"""Who may see the operator's pages."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from giftshop.accounts.access import signed_in
from giftshop.accounts.models import User


class OperatorRequest(HttpRequest):
    """A request of somebody who runs the installation."""

    user: User


def operators_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For whoever runs the installation; for everybody else there is no such page."""

    @signed_in
    @wraps(view)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_operator:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded
