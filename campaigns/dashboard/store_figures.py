"""What one store did in some days: a page of its own."""

from datetime import date, datetime

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from brands.models import Store
from campaigns.dashboard import queries
from campaigns.dashboard.comparison import Comparison, comparison
from campaigns.dashboard.dashboard import addresses
from campaigns.dashboard.figures import FIGURES, Figures, total
from campaigns.dashboard.period import Period
from campaigns.dashboard.period_views import period_context, period_of
from campaigns.dashboard.tiles import spans, tiles
from giftshop.accounts.access import BrandRequest, member_of_brand
from giftshop.accounts.permissions import Permission


@require_safe
@member_of_brand(Permission.SEE_FIGURES)
def store_figures(request: BrandRequest, slug: str) -> HttpResponse:
    """6 queries beside those of the decorator."""
    store = get_object_or_404(request.stores.stores(), slug=slug)
    now = timezone.now().astimezone(request.brand.tz)
    period, today = period_of(request), now.date()
    both = Period(period.before.first, period.last)
    known = queries.by_day_at({store.pk}, period=both)
    days = {day: known[day] for day in period.each_day()}
    every = addresses(request.brand, period=period, today=today, store=store)
    context = {
        "brand": request.brand,
        "section": "overview",
        "store": store,
        "tiles": tiles(
            now=total(list(days.values())),
            compared=_compared(store, period, known, now),
            days=spans([figures for day, figures in days.items() if day < today]),
            currency=request.brand.currency,
            addresses={name: every[name] for name in every if FIGURES[name].is_by_store},
        ),
        "moments": queries.moments(period=period, days=days, hours=[]),
        "campaigns": queries.campaigns_at(store, period=period),
        **period_context(request, period),
    }
    return render(request, "campaigns/store_figures.html", context)


def _compared(
    store: Store, period: Period, known: dict[date, Figures], now: datetime
) -> Comparison | None:
    """With the days before, if the store was watched on all of them."""
    since = queries.first_day_at({store.pk})
    if since is None or since > period.before.first:
        return None
    return comparison(period=period, known=known, hours=[], now=now)
