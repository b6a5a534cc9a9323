"""/l/<slug>/: the way in from a post, a poster or a partner."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe
from django_scopes import scope, scopes_disabled

from campaigns.links import links, utm
from campaigns.links.middleware import new_visitor_id, remember_visitor
from campaigns.links.visitors import is_a_visit
from campaigns.models import Link
from giftshop.http.rate_limits import counts_as_visit


@require_safe
def follow(request: HttpRequest, slug: str) -> HttpResponse:
    """Counts a person's visit and leads on to the shop. A link whose campaign is over still leads there;
    an unknown one is a plain 404, since nobody knows whose it was."""
    with scopes_disabled():
        link = Link.objects.with_everything().filter(slug=slug.lower()).first()
    if link is None:
        raise Http404
    response = redirect(utm.with_utm(links.destination(link), request.GET))
    if is_a_visit(request) and links.counts_now(link) and counts_as_visit(request):
        known_visitor: str = getattr(request, "visitor_id", "")
        visitor_id = known_visitor or new_visitor_id()
        with scope(brand=link.brand):
            links.follow(
                link=link,
                visitor_id=visitor_id,
                new_visitor=not known_visitor,
                source=utm.source(request.GET),
            )
        if not known_visitor:
            remember_visitor(response, visitor_id)
    return response
