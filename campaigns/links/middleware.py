"""Who is visiting, without knowing who: a random first-party id, so that a link can earn its order."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import cast
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from brands.models import Store
from campaigns.links import counter_visits, followed
from campaigns.links.visitors import asks_not_to_be_tracked, is_a_visit
from core import crypto
from giftshop.http.rate_limits import counts_as_visit

COOKIE = "visitor"
COOKIE_DAYS = 90


class VisitorRequest(HttpRequest):
    """What the middleware puts on every request."""

    visitor_id: str
    """Empty of whoever never followed a tracking link, or asks not to be tracked."""
    least_recipients: Callable[..., int]
    """By `brand`: to how many whoever came by a link is asked to give."""
    came_by: Callable[..., tuple[UUID, UUID] | None]
    """By `brand`: the live campaign and the link that they followed last, by their ids."""
    campaign_page: Callable[..., str]
    """By `brand`: the path of that campaign's page, or nothing."""
    note_counter_visit: Callable[..., None]
    """By `store`, `redemption_id` and `now`: it came by the code that a till showed."""
    new_visitor_id: str
    """For a browser that is a visitor from this request on."""


class VisitorMiddleware:
    """Makes each request a VisitorRequest. The cookie is set only once a tracking link was followed. Who asks
    not to be tracked has no id, and loses the cookie of earlier days."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        known, unwanted = request.COOKIES.get(COOKIE, ""), asks_not_to_be_tracked(request)
        visitor = cast(VisitorRequest, request)
        visitor.visitor_id = "" if unwanted else known[:64]
        visitor.least_recipients = partial(followed.least_recipients, visitor_id=visitor.visitor_id)
        visitor.came_by = partial(followed.came_by, visitor_id=visitor.visitor_id)
        visitor.campaign_page = partial(followed.page, visitor_id=visitor.visitor_id)
        visitor.new_visitor_id = ""
        visitor.note_counter_visit = partial(_note_counter_visit, visitor)
        response = self.get_response(request)
        if visitor.new_visitor_id:
            remember_visitor(response, visitor.new_visitor_id)
        if known and unwanted:
            response.delete_cookie(COOKIE, samesite="Lax")
        return response


def _note_counter_visit(
    request: VisitorRequest, *, store: Store, redemption_id: UUID, now: datetime
) -> None:
    """Counts a person's visit, as following a link does. Two statements at most."""
    if not (is_a_visit(request) and counts_as_visit(request)):
        return
    if not request.visitor_id:
        request.visitor_id = request.new_visitor_id = new_visitor_id()
    counter_visits.record(
        store=store, redemption_id=redemption_id, visitor_id=request.visitor_id, now=now
    )


def remember_visitor(response: HttpResponse, visitor_id: str) -> None:
    response.set_cookie(
        COOKIE,
        visitor_id,
        max_age=COOKIE_DAYS * 24 * 3600,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def new_visitor_id() -> str:
    return crypto.new_token()
