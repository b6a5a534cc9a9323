"""May this browser be known again as who came by a link: asked once where the link led to, taken back at any
time."""

import re
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from campaigns.links import links, visitor_cookie
from campaigns.links.follower import LINK, Follower
from giftshop.catalog.brands import of_brand
from giftshop.http.said_on import said_on, with_query

ID = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
"""As visitor_cookie.new_id makes it."""


@require_POST
@of_brand
def visitor_consent(request: Any) -> HttpResponse:
    """A yes to the question of a page that a link led to: the browser keeps the id that the page sent along.
    A no takes back an earlier yes, if there is one, and else changes nothing. Leads to where the link leads,
    or to what the shop says of privacy. Three statements at most, beside where the link leads to."""
    brand = request.brand
    follower: Follower = request.follower
    link = follower.link_said(brand=brand)
    leads_to = links.destination(link) if link else reverse("privacy", args=[brand.slug])
    said = {name: text for name, text in said_on(request, brand).items() if name != LINK}
    if link and request.POST.get("answer") == "yes":
        sent = request.POST.get("visitor", "")
        new = sent if ID.fullmatch(sent) else visitor_cookie.new_id()
        visitor_id = follower.visitor_id(brand=brand) or new
        links.know_again(link=link, visitor_id=visitor_id)
        answer = _lead(with_query(leads_to, said))
        visitor_cookie.put(answer, visitor_id, brand=brand)
        return answer
    if link:
        said[LINK] = link.slug
    answer = _lead(with_query(leads_to, said))
    if request.POST.get("answer") == "no":
        visitor_cookie.drop(answer, visitor_cookie.name_of(brand))
    return answer


def _lead(address: str) -> HttpResponse:
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response
