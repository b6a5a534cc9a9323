"""What one store did in some days: a page of its own."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from campaigns.dashboard import queries
from campaigns.dashboard.of_stores import at_counters
from campaigns.dashboard.period_views import period_context, period_of
from giftshop.accounts.access import BrandRequest, member_of_brand
from giftshop.accounts.permissions import Permission


@require_safe
@member_of_brand(Permission.SEE_FIGURES)
def store_figures(request: BrandRequest, slug: str) -> HttpResponse:
    """6 queries beside those of the decorator."""
    store = get_object_or_404(request.stores.stores(), slug=slug)
    period, brand = period_of(request), request.brand
    seen = at_counters({store.pk}, brand=brand, period=period, now=timezone.now(), store=store)
    context = {
        "brand": brand,
        "section": "overview",
        "store": store,
        "tiles": seen.tiles,
        "moments": seen.moments,
        "campaigns": queries.campaigns_at(store, period=period),
        **period_context(request, period),
    }
    return render(request, "campaigns/store_figures.html", context)
