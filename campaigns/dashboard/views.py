"""The studio's first page: what the gifts did, over some days."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from campaigns.dashboard.dashboard import dashboard_of
from campaigns.dashboard.period_views import period_context, period_of, render_figures
from giftshop.accounts.access import BrandRequest, member_of_brand


@require_safe
@member_of_brand()
def dashboard(request: BrandRequest) -> HttpResponse:
    """13 queries or fewer, none of them on an order; htmx asks for the figures alone."""
    period = period_of(request)
    figures = dashboard_of(brand=request.brand, period=period, now=timezone.now())
    context = {
        "brand": request.brand,
        "section": "overview",
        "dashboard": figures,
        **period_context(request, period),
    }
    return render_figures(request, "campaigns/dashboard.html", context)
