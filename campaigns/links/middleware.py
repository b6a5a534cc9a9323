"""Who is visiting, without knowing who: what campaigns put on each request for the pages below them."""

from collections.abc import Callable
from typing import cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from campaigns.links import visitor_cookie
from campaigns.links.follower import Follower
from campaigns.links.visitors import asks_not_to_be_tracked


class VisitorRequest(HttpRequest):
    """What the middleware puts on every request; each of these is asked by `brand`."""

    follower: Follower
    visitor_id: Callable[..., str]
    link_origin: Callable[..., dict[str, UUID]]
    least_recipients: Callable[..., int]
    came_by: Callable[..., tuple[UUID, UUID] | None]
    campaign_page: Callable[..., str]
    note_counter_visit: Callable[..., None]


class VisitorMiddleware:
    """Makes each request a VisitorRequest. Who asks not to be tracked has no id, and loses the cookies of
    earlier days."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        visitor = cast(VisitorRequest, request)
        visitor.follower = follower = Follower(request)
        visitor.visitor_id = follower.visitor_id
        visitor.link_origin = follower.link_origin
        visitor.least_recipients = follower.least_recipients
        visitor.came_by = follower.came_by
        visitor.campaign_page = follower.campaign_page
        visitor.note_counter_visit = follower.note_counter_visit
        response = self.get_response(request)
        follower.set_cookies(response)
        if asks_not_to_be_tracked(request):
            visitor_cookie.drop(response, *visitor_cookie.all_in(request))
        return response
