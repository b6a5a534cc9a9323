"""The studio's first page: what the gifts did, over some days."""

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from campaigns.dashboard.dashboard import dashboard_of
from campaigns.dashboard.money import money_today
from campaigns.dashboard.of_stores import dashboard_of_stores
from campaigns.dashboard.period_views import Asked, asked_context, asked_for, render_figures
from giftshop.accounts.access import BrandRequest, member_of_brand
from giftshop.accounts.permissions import Permission


@require_safe
@member_of_brand(Permission.SEE_FIGURES)
def dashboard(request: BrandRequest) -> HttpResponse:
    """23 queries or fewer, none of them on an order, 15 for who sees no money; htmx asks for the figures
    alone."""
    asked, now = asked_for(request), timezone.now()
    if request.stores.ids is not None:
        return _of_stores(request, asked, request.stores.ids, now)
    figures = dashboard_of(brand=request.brand, period=asked.period, now=now)
    sees_money = Permission.SEE_MONEY in request.may and "HX-Request" not in request.headers
    context = {
        "brand": request.brand,
        "section": "overview",
        "dashboard": figures,
        "money": money_today(request.brand, now) if sees_money and not figures.is_new else None,
        **asked_context(request, asked, page=request.path),
    }
    return render_figures(request, "campaigns/dashboard.html", context)


def _of_stores(
    request: BrandRequest, asked: Asked, stores: frozenset[UUID], now: datetime
) -> HttpResponse:
    context = {
        "brand": request.brand,
        "section": "overview",
        "dashboard": dashboard_of_stores(stores, brand=request.brand, period=asked.period, now=now),
        **asked_context(request, asked, page=request.path),
    }
    return render_figures(request, "campaigns/stores_dashboard.html", context)
