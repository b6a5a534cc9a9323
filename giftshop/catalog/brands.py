"""Which brand a page belongs to: read from its address, in scope for as long as the view runs."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django_scopes import scope

from brands.models import Brand


class ShopRequest(HttpRequest):
    """A request to a page of a brand's shop."""

    brand: Brand


def of_brand(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For views of `<slug:brand_slug>`: puts `brand` on the request and enters its scope.

    An unknown brand is a 404. Costs one query.
    """

    @wraps(view)
    def inside(request: Any, brand_slug: str, *args: Any, **kwargs: Any) -> HttpResponse:
        request.brand = get_object_or_404(Brand, slug=brand_slug)
        with scope(brand=request.brand):
            return view(request, *args, **kwargs)

    return inside
