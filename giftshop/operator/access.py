"""Who may see the operator's pages."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from giftshop.accounts import second_factor
from giftshop.accounts.access import ask_for_factor, signed_in
from giftshop.accounts.models import User


class OperatorRequest(HttpRequest):
    """A request of somebody who runs the installation."""

    user: User
    second_factor_by: datetime | None
    """Until when they are to have one, while that is told."""


def operators_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For whoever runs the installation; for everybody else there is no such page. Who needs a second factor
    by now and has none is led to where they set it up."""

    @signed_in
    @wraps(view)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_operator:
            raise Http404
        if set_up := ask_for_factor(request, second_factor.operator_needed_from(request.user)):
            return set_up
        return view(request, *args, **kwargs)

    return guarded
