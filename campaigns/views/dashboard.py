"""The studio's first page: what the gifts did, over some days."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from campaigns.board import board
from campaigns.views.periods import period_context, period_of, render_figures, today_of
from giftshop.accounts.access import BrandRequest, member_of_brand


@require_safe
@member_of_brand()
def dashboard(request: BrandRequest) -> HttpResponse:
    """12 queries or fewer, none of them on an order; htmx asks for the figures alone."""
    period = period_of(request)
    today = today_of(request)
    figures = board(brand=request.brand, period=period, today=today)
    context = {
        "brand": request.brand,
        "section": "overview",
        "board": figures,
        **period_context(request, period),
    }
    return render_figures(request, "campaigns/dashboard.html", context)
