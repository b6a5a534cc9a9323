"""The page at the counter, and what makes it installable."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from brands.models import Store
from redemption.models import Redemption
from redemption.till.session import TillRequest, at_the_till
from redemption.till.views.open_reversal import latest_open_reversal

PNG_ICONS = {"art/giftshop/icon-192.png": "192x192", "art/giftshop/icon-512.png": "512x512"}
"""Their drawing keeps to the middle, so that a launcher may cut them round."""


@require_safe
@at_the_till
def till(request: TillRequest) -> HttpResponse:
    now = timezone.now()
    context = {
        "store": request.device.store,
        "brand": request.device.brand,
        "staff": request.staff,
        "count": handed_over_today(request.device.store, now),
        "open_reversal": latest_open_reversal(request.device, request.staff, now),
    }
    return render(request, "redemption/till/till.html", context)


def handed_over_today(store: Store, now: datetime) -> int:
    """Gifts that this store handed over since its midnight, without those that were reversed."""
    midnight = now.astimezone(store.tz).replace(hour=0, minute=0, second=0, microsecond=0)
    return Redemption.objects.standing().filter(store=store, redeemed_at__gte=midnight).count()


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    body: dict[str, Any] = {
        "name": _("Giftshop till"),
        "short_name": _("Till"),
        "id": reverse("till"),
        "start_url": reverse("till"),
        "scope": reverse("till"),
        "display": "standalone",
        "orientation": "any",
        "background_color": "#ffffff",
        "theme_color": "#ffffff",
        "icons": _icons(),
    }
    return JsonResponse(body, content_type="application/manifest+json")


def _icons() -> list[dict[str, str]]:
    drawn = [
        {"src": static(path), "sizes": sizes, "type": "image/png", "purpose": purpose}
        for path, sizes in PNG_ICONS.items()
        for purpose in ("any", "maskable")
    ]
    vector = {"src": static("art/giftshop/favicon.svg"), "sizes": "any", "type": "image/svg+xml"}
    return [*drawn, vector]
