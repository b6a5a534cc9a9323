"""/l/<slug>/: the way in from a post, a poster or a partner."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe
from django_scopes import scope, scopes_disabled

from campaigns.links import links, utm, visitor_cookie
from campaigns.links.follower import say_on
from campaigns.links.visitors import is_a_visit, makes_preview, network_of
from campaigns.models import Link
from campaigns.shop_page import pictures
from campaigns.shop_page import views as shop_page
from giftshop.catalog.brands import speak
from giftshop.http.rate_limits import counts_as_visit


@require_safe
def follow(request: HttpRequest, slug: str) -> HttpResponse:
    """Counts a person's visit and leads on to the campaign's page. Where the browser has to say yes before it
    is known again, it gets no cookie here, and the page is told to ask. A link that doesn't count leads to
    the shop, and says why where its campaign is over or paused; an unknown one is a plain 404, since nobody
    knows whose it was."""
    with scopes_disabled():
        link = Link.objects.with_everything().filter(slug=slug.lower()).first()
    if link is None:
        raise Http404
    if not links.counts_now(link):
        return _uncounted(request, link)
    leads_to = links.destination(link)
    if makes_preview(request):
        return _preview(request, link, leads_to)
    leads_to = utm.with_utm(leads_to, request.GET)
    if not (is_a_visit(request) and counts_as_visit(request)):
        return redirect(leads_to)
    known = visitor_cookie.read(request, brand=link.brand)
    is_asked = not known and visitor_cookie.wants_yes(link.brand)
    visitor_id = "" if is_asked else known or visitor_cookie.new_id()
    with scope(brand=link.brand):
        links.follow(
            link=link,
            visitor_id=visitor_id,
            new_visitor=not known,
            source=utm.source(request.GET),
        )
    if is_asked:
        return redirect(say_on(leads_to, link, ask=True))
    response = redirect(leads_to)
    if not known:
        visitor_cookie.put(response, visitor_id, brand=link.brand)
    return response


def _uncounted(request: HttpRequest, link: Link) -> HttpResponse:
    """To the shop, with a word for a person."""
    if link.retired_at or not is_a_visit(request):
        return redirect(utm.with_utm(links.destination(link), request.GET))
    speak(request, link.brand)
    return shop_page.to_shop(request, link.campaign)


def _preview(request: HttpRequest, link: Link, leads_to: str) -> HttpResponse:
    """What stands beside the link where it is posted: the campaign's headline, its picture, and the words for
    that network. Counts nothing."""
    brand, campaign = link.brand, link.campaign
    speak(request, brand)
    with scope(brand=brand):
        treat = links.treat_of(link)
        preview = pictures.preview(campaign, treat, pictures.uploaded(campaign))
    context = {
        "brand": brand,
        "preview": preview,
        "leads_to": settings.BASE_URL + leads_to,
        "description": campaign.share_text(network_of(request) or link.channel) or campaign.story,
    }
    return render(request, "campaigns/links/preview.html", context)
