"""What an offer brought: its coupons from being taken to the counter, on one page that can be printed."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from campaigns.dashboard import period as periods
from campaigns.dashboard import queries
from campaigns.dashboard.of_period import figures_of
from campaigns.dashboard.period import SINCE, Period
from campaigns.dashboard.period_views import period_context, period_of, today_of
from campaigns.path.coupons import by_campaign
from campaigns.path.views import others
from campaigns.planning.views import seeing_campaigns
from giftshop.accounts.access import BrandRequest
from giftshop.offers.models import Offer


@require_safe
@seeing_campaigns
def offer_path(request: BrandRequest, offer_id: UUID) -> HttpResponse:
    """Five queries or fewer beside those of the decorator, however much happened."""
    shown = get_object_or_404(Offer, pk=offer_id)
    period = _period(request)
    context = {
        "brand": request.brand,
        "section": "offers",
        "offer": shown,
        "figures": figures_of(period, offer=shown),
        "rows": by_campaign(shown, period=period),
        "is_whole": True,
        "others": others(),
        **period_context(request, period),
    }
    return render(request, "campaigns/path/offer.html", context)


def _period(request: BrandRequest) -> Period:
    """Nothing asked for means all days since anything was counted: a coupon is used when its guest likes."""
    if {"days", "from", "to"} & set(request.GET):
        return period_of(request)
    return periods.named(SINCE, today=today_of(request), since=queries.first_day())
