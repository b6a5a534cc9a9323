"""The pages before a gift begins: all brands, one brand's shop, and its stylesheet."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_safe
from django_scopes import scope

from brands.models import Brand, Store
from giftshop.catalog import menu, store_list, themes
from giftshop.catalog.brands import ShopRequest, of_brand, speak

BRANDS_MAX = 200
A_YEAR = 365 * 24 * 3600
A_MINUTE = 60

# Each page carries its visitor's own form token: never shared, always asked for again.
own_copy = cache_control(private=True, max_age=0, must_revalidate=True)


@require_safe
@own_copy
def home(request: HttpRequest) -> HttpResponse:
    """All brands that have opened; or the shop itself where there is only one."""
    brands = list(Brand.objects.filter(opened_at__isnull=False).order_by("name")[:BRANDS_MAX])
    if len(brands) == 1:
        speak(request, brands[0])
        with scope(brand=brands[0]):
            return shop_page(request, brands[0])
    context = {
        "brands": brands,
        "canonical": f"{settings.BASE_URL}/",
        "self_service": settings.SELF_SERVICE and brands,
    }
    return render(request, "giftshop/catalog/home.html", context)


@require_safe
@own_copy
@of_brand
def shop(request: ShopRequest) -> HttpResponse:
    return shop_page(request, request.brand)


def shop_page(request: HttpRequest, brand: Brand) -> HttpResponse:
    """The shop of a brand, which need not be saved. Expects the brand's scope."""
    today = menu.read(brand, timezone.now())
    asked = request.GET.get("choice", "")
    context = {
        "brand": brand,
        "categories": menu.by_category(today.treats),
        "menu": today,
        "chosen": next(
            filter(None, (menu.chosen_amount(each, asked) for each in today.treats)), None
        ),
        "base_url": settings.BASE_URL,
    }
    return render(request, "giftshop/catalog/shop.html", context)


@require_safe
@own_copy
@of_brand
def stores(request: ShopRequest) -> HttpResponse:
    """Where its gifts are handed over: all stores, or those that were looked for."""
    found = store_list.found_by(request, Store.objects.open_for_gifts())
    context = {"brand": request.brand, "page": found.page, "words": found.words}
    return render(request, "giftshop/catalog/stores.html", context)


@require_safe
@own_copy
@of_brand
def legal_notice(request: ShopRequest) -> HttpResponse:
    """Whom a sender buys from. Not there while the brand has not said so."""
    if not request.brand.legal_name:
        raise Http404
    return render(request, "giftshop/catalog/legal_notice.html", {"brand": request.brand})


def _theme_etag(request: ShopRequest) -> str:
    return f'"{themes.version(request.brand)}"'


@require_safe
@of_brand
@condition(etag_func=_theme_etag)
def theme(request: ShopRequest) -> HttpResponse:
    """The brand's colours. Kept for a year when asked for by content, else for a minute."""
    response = HttpResponse(
        themes.stylesheet(request.brand), content_type="text/css; charset=utf-8"
    )
    if request.GET.get("v") == themes.version(request.brand):
        patch_cache_control(response, public=True, max_age=A_YEAR, immutable=True)
    else:
        patch_cache_control(response, public=True, max_age=A_MINUTE)
    return response
