"""Places as they are found while somebody types whose clock counts."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from giftshop import zone_search, zones
from giftshop.catalog.brands import ShopRequest, of_brand


@require_safe
@of_brand
def found(request: ShopRequest) -> HttpResponse:
    """The options of a list for what was typed (`?typed=`), or for a zone by its name (`?zone=`). The same
    for everybody."""
    now, named = timezone.now(), request.GET.get("zone", "")
    names = [named] if zones.is_zone(named) else zone_search.search(request.GET.get("typed", ""))
    options = [(zone_search.typed_as(name), zones.label(name, now)) for name in names]
    return render(request, "giftshop/giving/zone_list.html", {"options": options})
