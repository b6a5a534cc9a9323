"""Campaigns of a brand: the list, a new one, one with its links and figures, and changing it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.dashboard import queries
from campaigns.dashboard.dashboard import dashboard_of
from campaigns.dashboard.period_views import (
    asked_context,
    asked_for,
    own_days,
    render_figures,
    today_of,
)
from campaigns.models import Campaign
from campaigns.planning import campaigns, states
from campaigns.planning.campaign_form import CampaignForm, stake_in_words
from campaigns.planning.forms import LinkForm
from campaigns.shop_page import pictures
from campaigns.shop_page.page import left_out
from core.forms.version import SavedSince
from giftshop.accounts.access import BrandRequest, member_of_brand
from giftshop.accounts.permissions import Permission
from giftshop.catalog import menu

PER_PAGE = 24
SEARCH_LENGTH_MAX = 80
seeing_campaigns = member_of_brand(Permission.SEE_CAMPAIGNS)
planning_campaigns = member_of_brand(Permission.PLAN_CAMPAIGNS)


@require_safe
@seeing_campaigns
def campaign_list(request: BrandRequest) -> HttpResponse:
    """A page of campaigns, newest first, those that were put away last; by words of their names."""
    today, words = today_of(request), request.GET.get("q", "").strip()[:SEARCH_LENGTH_MAX]
    found = Campaign.objects.all()
    for word in words.split():
        found = found.filter(name__icontains=word)
    page = Paginator(found.newest_first(), PER_PAGE).get_page(request.GET.get("page"))
    shown = queries.by_campaign(page.object_list, today=today, zone=request.brand.tz)
    rows = [
        {"campaign": row.campaign, "figures": row.figures, "state": row.campaign.state_on(today)}
        for row in shown
    ]
    context = {
        **common(request),
        "page": page,
        "words": words,
        "current": [row for row in rows if row["state"] != Campaign.State.ARCHIVED],
        "archived": [row for row in rows if row["state"] == Campaign.State.ARCHIVED],
    }
    return render(request, "campaigns/campaigns/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@planning_campaigns
def new_campaign(request: BrandRequest) -> HttpResponse:
    initial = {"starts_on": today_of(request)}
    form = CampaignForm(request.POST or None, brand=request.brand, initial=initial)
    if request.method == "POST":
        with campaigns.turns(request.brand):
            campaign = (
                campaigns.plan(
                    brand=request.brand, is_draft=True, by=request.actor, **form.planned()
                )
                if form.is_valid()
                else None
            )
        if campaign:
            messages.success(
                request, _("The draft is there. Give it a link for each place, then put it live.")
            )
            return to_campaign(request, campaign)
    return _form(request, form)


@require_safe
@seeing_campaigns
def campaign(request: BrandRequest, slug: str) -> HttpResponse:
    shown = get_object_or_404(Campaign, slug=slug)
    return render_campaign(request, shown, link_form=LinkForm(campaign=shown))


@require_http_methods(["GET", "HEAD", "POST"])
@planning_campaigns
def edit_campaign(request: BrandRequest, slug: str) -> HttpResponse:
    changed = get_object_or_404(Campaign, slug=slug)
    form = CampaignForm(request.POST or None, brand=request.brand, campaign=changed)
    if request.method == "POST":
        try:
            with campaigns.turns(request.brand):
                if form.is_valid():
                    planned, seen = form.planned(), form.seen
                    campaigns.change(changed, **planned, seen=seen, by=request.actor)
        except SavedSince:
            kept = get_object_or_404(Campaign, slug=slug)
            form = CampaignForm(request.POST, brand=request.brand, campaign=kept)
            form.show_over_saved()
            return _form(request, form, kept)
        if form.is_valid():
            messages.success(request, _("Saved."))
            return to_campaign(request, changed)
    return _form(request, form, changed)


def _form(
    request: BrandRequest, form: CampaignForm, changed: Campaign | None = None
) -> HttpResponse:
    picture = pictures.uploaded(changed) if changed else {}
    context = {**common(request), "form": form, "campaign": changed, "picture": picture}
    status = 409 if form.is_outdated else 422 if form.errors else 200
    return render(request, "campaigns/campaigns/form.html", context, status=status)


def render_campaign(
    request: BrandRequest, shown: Campaign, *, link_form: LinkForm, status: int = 200
) -> HttpResponse:
    """The campaign's page; also what a link that could not be added falls back to."""
    own = own_days(request, shown)
    asked = asked_for(request, own=own, campaign=shown)
    page = reverse("campaign", kwargs={"brand_slug": request.brand.slug, "slug": shown.slug})
    ever, now = queries.of_campaign(shown), timezone.now()
    stake, names_treats = states.at_stake(shown, now), list(shown.treats.order_by("position"))
    context = {
        **common(request),
        "campaign": shown,
        "state": shown.state_on(today_of(request)),
        "treats": names_treats,
        "left_out": left_out(shown, menu.read(request.brand, now)) if names_treats else [],
        "stake": " ".join(stake_in_words(stake)) if stake else "",
        "release_label": _("Plan it") if shown.starts_on > today_of(request) else _("Put it live"),
        "dashboard": dashboard_of(
            brand=request.brand,
            period=asked.period,
            now=now,
            campaign=shown,
            own=own,
        ),
        "ever": ever,
        "cost_per_gift": cost_per_gift(shown.spent, ever.redeemed),
        "link_form": link_form,
        **asked_context(request, asked, page=page, own=own),
    }
    return render_figures(request, "campaigns/campaigns/detail.html", context, status=status)


def cost_per_gift(spent: int | None, redeemed: int) -> int | None:
    """What was spent for each gift that reached a store, rounded to the minor unit; None while nothing was
    spent, or no gift came."""
    return round(spent / redeemed) if spent and redeemed > 0 else None


def common(request: BrandRequest) -> dict[str, Any]:
    return {
        "brand": request.brand,
        "section": "campaigns",
        "may_edit": Permission.PLAN_CAMPAIGNS in request.may,
    }


def to_campaign(request: BrandRequest, shown: Campaign, *, part: str = "") -> HttpResponse:
    address = reverse("campaign", kwargs={"brand_slug": request.brand.slug, "slug": shown.slug})
    return redirect(address + part)
