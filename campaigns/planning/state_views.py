"""What is done to a campaign as a whole: put live, paused, copied, put away."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaigns.models import Campaign
from campaigns.planning import campaigns, states
from campaigns.planning.copy import copy_campaign
from campaigns.planning.views import planning_campaigns, to_campaign
from core.bidi import isolated
from giftshop.accounts.access import BrandRequest


def _find(slug: str) -> Campaign:
    return get_object_or_404(Campaign.objects.select_related("brand"), slug=slug)


@require_POST
@planning_campaigns
def release(request: BrandRequest, slug: str) -> HttpResponse:
    """Off with a draft."""
    campaign = _find(slug)
    try:
        states.put_live(campaign, by=request.actor)
    except states.EndedAlready:
        messages.error(request, _("Its last day is over. Give it other days first."))
        return redirect("edit_campaign", brand_slug=request.brand.slug, slug=slug)
    is_live = _find(slug).state_at(timezone.now()) == Campaign.State.LIVE
    messages.success(
        request, _("It is live.") if is_live else _("It is planned, and begins by itself.")
    )
    return to_campaign(request, campaign)


@require_POST
@planning_campaigns
def pause(request: BrandRequest, slug: str) -> HttpResponse:
    campaign = _find(slug)
    states.pause(campaign, by=request.actor)
    messages.success(request, _("Paused. Its links lead to your shop until it goes on."))
    return to_campaign(request, campaign)


@require_POST
@planning_campaigns
def resumption(request: BrandRequest, slug: str) -> HttpResponse:
    campaign = _find(slug)
    states.resume(campaign, by=request.actor)
    messages.success(request, _("It goes on."))
    return to_campaign(request, campaign)


@require_POST
@planning_campaigns
def copied(request: BrandRequest, slug: str) -> HttpResponse:
    """A draft like it, opened to be changed."""
    made = copy_campaign(
        campaign=_find(slug),
        with_links="links" in request.POST,
        by=request.actor,
        now=timezone.now(),
    )
    said = _("A draft like it: “%(name)s”. Change what is to be other, then put it live.")
    messages.success(request, said % {"name": isolated(made.name)})
    return redirect("edit_campaign", brand_slug=request.brand.slug, slug=made.slug)


@require_POST
@planning_campaigns
def archival(request: BrandRequest, slug: str) -> HttpResponse:
    put_away = _find(slug)
    campaigns.archive(put_away, by=request.actor)
    messages.success(request, _("Put away. Its figures stay, its links lead to your shop."))
    return to_campaign(request, put_away)


@require_POST
@planning_campaigns
def return_(request: BrandRequest, slug: str) -> HttpResponse:
    returned = _find(slug)
    campaigns.bring_back(returned, by=request.actor)
    messages.success(request, _("It is back among your campaigns."))
    return to_campaign(request, returned)
