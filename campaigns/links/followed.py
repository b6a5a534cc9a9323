"""The campaign that somebody came by: what greets them, and what it asks of them."""

from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from campaigns.links.attribution import WINDOW
from campaigns.models import Campaign, Visit
from core import crypto


def last_visit(*, brand: Brand, visitor_id: str, now: datetime | None = None) -> Visit | None:
    """By the link that the visitor followed last, while its campaign is live. One query, none for a browser
    that never followed a link."""
    if not visitor_id:
        return None
    now = now or timezone.now()
    with scope(brand=brand):
        visit = (
            Visit.objects.select_related("campaign")
            .filter(visitor=crypto.token_digest(visitor_id), at__range=(now - WINDOW, now))
            .order_by("-at", "-id")
            .first()
        )
    if visit is None:
        return None
    state = visit.campaign.state_on(now.astimezone(brand.tz).date())
    return visit if state == Campaign.State.LIVE else None


def live(*, brand: Brand, visitor_id: str, now: datetime | None = None) -> Campaign | None:
    """The campaign that it came for."""
    visit = last_visit(brand=brand, visitor_id=visitor_id, now=now)
    return visit.campaign if visit else None


def headline(*, brand: Brand, visitor_id: str, now: datetime | None = None) -> str:
    """Its words for them, or nothing."""
    campaign = live(brand=brand, visitor_id=visitor_id, now=now)
    return campaign.headline if campaign else ""


def least_recipients(*, brand: Brand, visitor_id: str, now: datetime | None = None) -> int:
    """How many it asks them to give to; one where it asks for nothing, or has ended."""
    campaign = live(brand=brand, visitor_id=visitor_id, now=now)
    return campaign.least_recipients if campaign else 1


def page(*, brand: Brand, visitor_id: str, now: datetime | None = None) -> str:
    """The path of the page that keeps its promise to them, or nothing."""
    campaign = live(brand=brand, visitor_id=visitor_id, now=now)
    return reverse("campaign_page", args=[brand.slug, campaign.slug]) if campaign else ""


def came_by(
    *, brand: Brand, visitor_id: str, now: datetime | None = None
) -> tuple[UUID, UUID] | None:
    """Whose what they are given now is: the campaign's and its link's. None: nobody's."""
    visit = last_visit(brand=brand, visitor_id=visitor_id, now=now)
    return (visit.campaign_id, visit.link_id) if visit else None
