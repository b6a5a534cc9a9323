"""Which brand a page belongs to: read from its address, in scope for as long as the view runs."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import translation
from django_scopes import scope

from brands.models import Brand


class ShopRequest(HttpRequest):
    """A request to a page of a brand's shop."""

    brand: Brand


def languages_of(brand: Brand) -> list[str]:
    """Those that its pages are shown in, of ours: the one first that readers of any other get."""
    spoken = [tag for tag, _name in settings.LANGUAGES]
    shown = [tag for tag in brand.languages if tag in spoken] or spoken
    return sorted(shown, key=lambda tag: tag != brand.language)


def language_shown(brand: Brand, wanted: str) -> str:
    """The language if the brand's pages are shown in it, else the one that readers of any other get."""
    shown = languages_of(brand)
    return wanted if wanted in shown else shown[0]


def speak(request: HttpRequest, brand: Brand, language: str = "") -> None:
    """For the rest of the request, go on in a language of the brand's pages: in the one that the reader is
    known to read, else in their browser's, as far as it is one of them."""
    shown = languages_of(brand)
    wanted = language if language in shown else translation.get_language()
    if wanted not in shown:
        wanted = shown[0]
    translation.activate(str(wanted))
    request.LANGUAGE_CODE = wanted  # as LocaleMiddleware sets it


def of_brand(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For views of `<slug:brand_slug>`: puts `brand` on the request, enters its scope, and speaks a language
    that its pages are shown in.

    An unknown brand is a 404, and one that was closed unopened. Costs one query.
    """

    @wraps(view)
    def inside(request: Any, brand_slug: str, *args: Any, **kwargs: Any) -> HttpResponse:
        request.brand = get_object_or_404(Brand, slug=brand_slug, closed_at=None)
        speak(request, request.brand)
        with scope(brand=request.brand):
            return view(request, *args, **kwargs)

    return inside
