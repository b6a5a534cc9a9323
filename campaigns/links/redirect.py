"""/l/<slug>/: the way in from a post, a poster or a partner."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe
from django_scopes import scope, scopes_disabled

from campaigns.links import links, utm
from campaigns.links.middleware import new_visitor_id, remember_visitor
from campaigns.links.visitors import is_a_visit, makes_preview
from campaigns.models import Link
from giftshop.catalog.brands import speak
from giftshop.http.rate_limits import counts_as_visit
from giftshop.share_pictures import of


@require_safe
def follow(request: HttpRequest, slug: str) -> HttpResponse:
    """Counts a person's visit and leads on to the shop. A link whose campaign is over still leads there;
    an unknown one is a plain 404, since nobody knows whose it was."""
    with scopes_disabled():
        link = Link.objects.with_everything().filter(slug=slug.lower()).first()
    if link is None:
        raise Http404
    leads_to = links.destination(link)
    if makes_preview(request) and links.counts_now(link):
        return _preview(request, link, leads_to)
    response = redirect(utm.with_utm(leads_to, request.GET))
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


def _preview(request: HttpRequest, link: Link, leads_to: str) -> HttpResponse:
    """What stands beside the link where it is posted: the campaign's headline and its treat. The page that it
    leads to does not know whose link it was: a messenger keeps no cookie. Counts nothing."""
    brand, headline = link.brand, link.campaign.headline
    speak(request, brand)
    named = link.treat is not None and "#treat-" in leads_to
    with scope(brand=brand):
        preview = (
            of.treat(link.treat, headline) if named and link.treat else of.shop(brand, headline)
        )
    context = {"brand": brand, "preview": preview, "leads_to": settings.BASE_URL + leads_to}
    return render(request, "campaigns/links/preview.html", context)
