"""The page of a campaign as it would be, beside the form in which it is built. Nothing is written."""

import copy
from typing import Any

from csp.constants import NONE
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_POST

from campaigns.models import Campaign
from campaigns.planning.campaign_form import CampaignForm
from campaigns.planning.views import planning_campaigns
from campaigns.shop_page import page, pictures
from campaigns.shop_page.views import context_of
from giftshop.accounts.access import BrandRequest
from giftshop.catalog.brands import speak

SHOWN = ("headline", "story", "art", "ends_on", "least_recipients")


@require_POST
@planning_campaigns
def campaign_preview(request: BrandRequest, slug: str = "") -> HttpResponse:
    """With what was typed so far; a field that is not filled in right shows what is kept. Its links open
    nothing in the frame, and its forms go nowhere."""
    now = timezone.now()
    kept = get_object_or_404(Campaign.objects.select_related("brand"), slug=slug) if slug else None
    form = CampaignForm(request.POST, brand=request.brand, campaign=kept)
    form.is_valid()
    said: dict[str, Any] = form.cleaned_data
    shown = (
        copy.copy(kept) if kept else Campaign(brand=request.brand, slug="new", starts_on=now.date())
    )
    for name in SHOWN:
        if name in said:
            setattr(shown, name, said[name])
    speak(request, request.brand)
    landing = page.read(
        shown,
        named={treat.pk for treat in said.get("treats", ())},
        picture=pictures.uploaded(kept) if kept else {},
        now=now,
    )
    response = render(request, "campaigns/shop_page/preview.html", context_of(landing))
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response._csp_replace = {"form-action": [NONE]}  # type: ignore[attr-defined]  # as django-csp reads it
    add_never_cache_headers(response)
    return response
