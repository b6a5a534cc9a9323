"""What a figure is made of: the facts behind it, one by one."""

from datetime import datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from brands.models import Brand, Store
from campaigns.dashboard import queries
from campaigns.dashboard.cursor_pages import page
from campaigns.dashboard.figures import FIGURES, Figure, total
from campaigns.dashboard.period import Period
from campaigns.dashboard.period_views import own_days, period_context, period_of, today_of
from campaigns.dashboard.tiles import coverage, told
from campaigns.models import Campaign, Fact, Visit
from giftshop.accounts.access import BrandRequest, member_of_brand
from giftshop.accounts.permissions import Permission


@require_safe
@member_of_brand(Permission.SEE_FIGURES)
def figure(request: BrandRequest, name: str) -> HttpResponse:
    stores, slug = request.stores, request.GET.get("campaign")
    if name not in FIGURES or not (
        stores.is_whole_brand or (FIGURES[name].is_by_store and not slug)
    ):
        raise Http404
    shown = FIGURES[name]
    campaign = get_object_or_404(Campaign, slug=slug) if slug else None
    at = request.GET.get("store")
    store = get_object_or_404(stores.stores(), slug=at) if at and shown.is_by_store else None
    own = own_days(request, campaign) if campaign else None
    period = period_of(request, own=own, campaign=campaign)
    within = {store.pk} if store else stores.ids
    days = (
        queries.by_day(period=period, campaign=campaign)
        if within is None
        else queries.by_day_at(within, period=period)
    )
    figures = total(list(days.values()))
    cursor = request.GET.get("cursor", "")
    try:
        facts: Any = (
            page(visits(request.brand, period, campaign), time="at", cursor=cursor)
            if shown.column is None
            else page(
                stores.within(facts_of(shown, request.brand, period, campaign, store)),
                time="occurred_at",
                cursor=cursor,
            )
        )
    except (ValidationError, ValueError) as error:  # a cursor that somebody wrote by hand
        raise Http404 from error
    context = {
        "brand": request.brand,
        "section": "overview" if campaign is None else "campaigns",
        "figure": shown,
        "value": told(shown, figures, currency=request.brand.currency),
        "figures": figures,
        "coverage": (
            coverage(figures, currency=request.brand.currency)
            if name == "spend_over" and figures.spend_is_known
            else ""
        ),
        "campaign": campaign,
        "store": store,
        "facts_query": _query(request, period, own, campaign, store),
        "page": facts,
        "cursor": cursor,
        **period_context(request, period, own=own),
    }
    return render(request, "campaigns/figure.html", context)


def facts_of(
    shown: Figure,
    brand: Brand,
    period: Period,
    campaign: Campaign | None,
    store: Store | None = None,
) -> "QuerySet[Fact]":
    """The facts whose `column` adds up to the figure."""
    facts = Fact.objects.filter(
        topic__in=shown.topics, occurred_at__range=_moments(brand, period)
    ).select_related("campaign", "link", "store")
    if store:
        facts = facts.filter(store=store)
    return facts.filter(campaign=campaign) if campaign else facts


def visits(brand: Brand, period: Period, campaign: Campaign | None) -> "QuerySet[Visit]":
    seen = Visit.objects.filter(at__range=_moments(brand, period), is_repeat=False)
    seen = seen.select_related("link", "campaign")
    return seen.filter(campaign=campaign) if campaign else seen


def _moments(brand: Brand, period: Period) -> tuple[datetime, datetime]:
    """First and last moment of the days, on the brand's clock."""
    start = datetime.combine(period.first, time.min, tzinfo=brand.tz)
    end = datetime.combine(period.last + timedelta(days=1), time.min, tzinfo=brand.tz)
    return start, end - timedelta(microseconds=1)


def _query(
    request: BrandRequest,
    period: Period,
    own: Period | None,
    campaign: Campaign | None,
    store: Store | None,
) -> str:
    """What the address of another page of the same facts needs."""
    asked = period.query(today_of(request), own=own)
    asked += f"&campaign={campaign.slug}" if campaign else ""
    return asked + (f"&store={store.slug}" if store else "")
