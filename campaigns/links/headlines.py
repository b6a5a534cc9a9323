"""The words that greet somebody who came by a link."""

from datetime import datetime

from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from campaigns.links.attribution import WINDOW
from campaigns.models import Campaign, Visit
from core import crypto


def headline(*, brand: Brand, visitor_id: str, now: datetime | None = None) -> str:
    """Of the campaign whose link the visitor followed last, while it runs. One query, or none."""
    if not visitor_id:
        return ""
    now = now or timezone.now()
    with scope(brand=brand):
        visit = (
            Visit.objects.select_related("link__campaign")
            .filter(visitor=crypto.token_digest(visitor_id), at__range=(now - WINDOW, now))
            .order_by("-at", "-id")
            .first()
        )
    campaign = visit.link.campaign if visit else None
    if campaign is None:
        return ""
    running = campaign.state_on(now.astimezone(brand.tz).date()) == Campaign.State.RUNNING
    return campaign.headline if running else ""
