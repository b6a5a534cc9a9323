"""The studio's first page: what the gifts did, over some days."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from campaigns.dashboard.dashboard import dashboard_of
from campaigns.dashboard.period_views import asked_context, asked_for, render_figures
from giftshop.accounts.access import BrandRequest, member_of_brand
from giftshop.accounts.permissions import Permission


@require_safe
@member_of_brand(Permission.SEE_FIGURES)
def dashboard(request: BrandRequest) -> HttpResponse:
    """13 queries or fewer, none of them on an order; htmx asks for the figures alone."""
    asked = asked_for(request)
    figures = dashboard_of(brand=request.brand, period=asked.period, now=timezone.now())
    context = {
        "brand": request.brand,
        "section": "overview",
        "dashboard": figures,
        **asked_context(request, asked, page=request.path),
    }
    return render_figures(request, "campaigns/dashboard.html", context)
