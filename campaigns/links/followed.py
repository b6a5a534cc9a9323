"""The campaign that somebody came by: what greets them, and what it asks of them.

`visitor_id`: of a browser that is known again; `link`: what its address says where it is not, which counts
now.
"""

from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from campaigns.links.attribution import WINDOW
from campaigns.models import Campaign, Link, Visit
from core import crypto


def last_followed(
    *, brand: Brand, visitor_id: str, link: Link | None = None, now: datetime | None = None
) -> tuple[Campaign, UUID] | None:
    """The campaign that somebody came for, and the id of its link that they followed last: a visitor's own
    visit counts first. One query, none for a browser that never followed a link."""
    now = now or timezone.now()
    if visitor_id:
        with scope(brand=brand):
            visits = Visit.objects.select_related("campaign").filter(
                visitor=crypto.token_digest(visitor_id), at__range=(now - WINDOW, now)
            )
            if visit := visits.order_by("-at", "-id").first():
                return visit.campaign, visit.link_id
    return (link.campaign, link.pk) if link else None


def is_live(campaign: Campaign, brand: Brand, now: datetime | None = None) -> bool:
    """By the calendar of its brand."""
    day = (now or timezone.now()).astimezone(brand.tz).date()
    return campaign.state_on(day) == Campaign.State.LIVE


def headline(
    *, brand: Brand, visitor_id: str, link: Link | None = None, now: datetime | None = None
) -> str:
    """Its words for them, while it is live, or nothing."""
    came = last_followed(brand=brand, visitor_id=visitor_id, link=link, now=now)
    return came[0].headline if came and is_live(came[0], brand, now) else ""


def least_recipients(
    *,
    brand: Brand,
    visitor_id: str,
    link: Link | None = None,
    campaign_id: UUID | None = None,
    now: datetime | None = None,
) -> int:
    """How many it asks them to give to; one where it asks for nothing, or has ended. `campaign_id`: the one
    that holds where they came by no link; one query more then."""
    came = last_followed(brand=brand, visitor_id=visitor_id, link=link, now=now)
    campaign = came[0] if came else None
    if campaign is None and campaign_id:
        with scope(brand=brand):
            campaign = Campaign.objects.filter(pk=campaign_id).first()
    return campaign.least_recipients if campaign and is_live(campaign, brand, now) else 1


def came_by(
    *, brand: Brand, visitor_id: str, link: Link | None = None, now: datetime | None = None
) -> tuple[UUID, UUID] | None:
    """Whose what they are given now is: the campaign's and its link's. None: nobody's."""
    came = last_followed(brand=brand, visitor_id=visitor_id, link=link, now=now)
    return (came[0].pk, came[1]) if came and is_live(came[0], brand, now) else None


def page(
    *, brand: Brand, visitor_id: str, link: Link | None = None, now: datetime | None = None
) -> str:
    """The path of the page that keeps its promise to them, while it is live, or nothing."""
    came = last_followed(brand=brand, visitor_id=visitor_id, link=link, now=now)
    if came is None or not is_live(came[0], brand, now):
        return ""
    return reverse("campaign_page", args=[brand.slug, came[0].slug])
