"""What a request says of the link that its browser came by: by the cookie of a visitor, or where there may be
none before a yes, by the address and the forms of the pages that the link leads to."""

import re
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django_scopes import scope

from brands.models import Brand, Store
from campaigns.links import counter_visits, followed, links, visitor_cookie
from campaigns.links.visitors import asks_not_to_be_tracked, is_a_visit
from campaigns.models import Link
from giftshop.http.rate_limits import counts_as_visit
from giftshop.http.said_on import says, typed, with_query

LINK, ASKS = "link", "ask"
"""Words of an address: by which link its reader came, the same for everybody who follows it; and that the
page asks whether they may be known again."""
SLUG = re.compile(r"[a-z0-9_-]{1,40}", re.ASCII)
"""Of a link; what a form or an address says else never reaches the database, which takes no NUL."""


class Follower:
    """Of one request. Brand by brand, since a yes is a brand's own."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self._links: dict[UUID, Link | None] = {}
        self._new: list[tuple[Brand, str]] = []

    def visitor_id(self, *, brand: Brand) -> str:
        """Empty of whoever never followed a link, did not say yes where that is wanted, or asks not to be
        tracked."""
        return visitor_cookie.read(self.request, brand=brand)

    def link_said(self, *, brand: Brand) -> Link | None:
        """The link of the brand that the address or the form says, while its visits count. One query where
        one is said, and once."""
        said = typed(self.request, LINK).lower()
        if not SLUG.fullmatch(said) or not visitor_cookie.wants_yes(brand):
            return None
        if asks_not_to_be_tracked(self.request):
            return None
        if brand.pk not in self._links:
            self._links[brand.pk] = _counting(brand, slug=said)
        return self._links[brand.pk]

    def link(self, *, brand: Brand) -> Link | None:
        """The same of a browser that is not known again."""
        return None if self.visitor_id(brand=brand) else self.link_said(brand=brand)

    def came_by_link(self, *, brand: Brand) -> str:
        """What the page's own links and forms say on; empty for nothing. A page of a present that was begun
        by a link (giving/access.py) leads back to the shop with it: one query more there."""
        link = self.link(brand=brand) or self._begun_by(brand)
        return link.slug if link else ""

    def _begun_by(self, brand: Brand) -> Link | None:
        begun_by = getattr(getattr(self.request, "draft", None), "link_id", None)
        if begun_by is None or self.visitor_id(brand=brand) or not visitor_cookie.wants_yes(brand):
            return None
        return None if asks_not_to_be_tracked(self.request) else _counting(brand, pk=begun_by)

    def is_asked(self, *, brand: Brand) -> bool:
        """Whether the page asks to know the browser again: where a link led to, once."""
        return ASKS in self.request.GET and self.link(brand=brand) is not None

    def link_origin(self, *, brand: Brand) -> dict[str, UUID]:
        """The columns of a draft's Origin that say by which link it was begun."""
        link = self.link(brand=brand)
        return {"link_id": link.pk, "link_campaign_id": link.campaign_id} if link else {}

    def headline(self, *, brand: Brand) -> str:
        """What greets whoever came by a link of a campaign that runs."""
        return followed.headline(**self._came_by(brand))

    def least_recipients(self, *, brand: Brand, campaign_id: UUID | None = None) -> int:
        """To how many whoever came by a link is asked to give. `campaign_id`: of the link by which the
        present was begun, which holds where the browser is not known again."""
        return followed.least_recipients(**self._came_by(brand), campaign_id=campaign_id)

    def came_by(self, *, brand: Brand) -> tuple[UUID, UUID] | None:
        """The campaign that runs and its link that they came by, by their ids."""
        return followed.came_by(**self._came_by(brand))

    def campaign_page(self, *, brand: Brand) -> str:
        """The path of that campaign's page, or nothing."""
        return followed.page(**self._came_by(brand))

    def _came_by(self, brand: Brand) -> dict[str, Any]:
        visitor_id, link = self.visitor_id(brand=brand), self.link(brand=brand)
        return {"brand": brand, "visitor_id": visitor_id, "link": link}

    def note_counter_visit(
        self, *, brand: Brand, store: Store, redemption_id: UUID, now: datetime
    ) -> None:
        """Counts a person's visit by the code that a till showed, as following a link does. Two statements at
        most. Where a yes is wanted the browser is not known again, and nobody asks: the present that it
        begins says itself where it came from."""
        if not (is_a_visit(self.request) and counts_as_visit(self.request)):
            return
        visitor_id = self.visitor_id(brand=brand)
        if not visitor_id and not visitor_cookie.wants_yes(brand):
            visitor_id = visitor_cookie.new_id()
            self._new.append((brand, visitor_id))
        counter_visits.record(
            store=store, redemption_id=redemption_id, visitor_id=visitor_id, now=now
        )

    def set_cookies(self, response: HttpResponse) -> None:
        for brand, visitor_id in self._new:
            visitor_cookie.put(response, visitor_id, brand=brand)


def _counting(brand: Brand, **which: Any) -> Link | None:
    """The brand's link, if its visits count now."""
    with scope(brand=brand):
        found = Link.objects.with_everything().filter(**which).first()
    return found if found and links.counts_now(found) else None


@says(LINK)
def _came_by_link(request: HttpRequest, brand: Brand) -> str:
    follower: Follower | None = getattr(request, "follower", None)
    return follower.came_by_link(brand=brand) if follower else ""


def say_on(address: str, link: Link, *, ask: bool = False) -> str:
    """An address of ours that says by which link its reader came."""
    return with_query(address, {LINK: link.slug, **({ASKS: "1"} if ask else {})})
