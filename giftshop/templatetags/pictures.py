"""What templates ask of an uploaded picture."""

from dataclasses import dataclass
from typing import Any

from django import template

from brands.models import Brand
from brands.shown_picture import ShownPicture
from giftshop.catalog.models import Treat
from giftshop.news.models import News
from giftshop.pictures import files
from giftshop.templatetags import shop

register = template.Library()


@dataclass(frozen=True)
class Uploaded:
    """The attributes of an <img>."""

    src: str
    srcset: str
    """Empty where there is one size."""
    width: int
    height: int
    alt: str


@register.filter
def uploaded(thing: Treat | News, shape: str) -> Uploaded | None:
    """What the owner uploaded of it, "wide" or "square"; None: it is drawn. No query."""
    return _of(thing.picture, shape)


@register.filter
def small_picture(treat: Treat) -> str:
    """Address of a small square of what was uploaded of it, else of its drawing; an empty text for none."""
    found = uploaded(treat, "square")
    return found.src if found else shop.picture(treat)


@register.simple_tag
def brand_picture(brand: Brand, purpose: str, shape: str) -> Uploaded | None:
    """The brand's own "logo" or "hero", where one was uploaded. No query."""
    return _of(brand.pictures.get(purpose) or {}, shape)


@register.filter
def in_shape(shown: ShownPicture, shape: str) -> Uploaded | None:
    return _of(shown, shape)


def _of(shown: Any, shape: str) -> Uploaded | None:
    """Of a ShownPicture."""
    found = shown.get(shape)
    if not found:
        return None
    width, height, _name = found[-1]
    plain = found[min(1, len(found) - 1)]
    srcset = files.srcset(found) if len(found) > 1 else ""
    return Uploaded(files.address(plain), srcset, width, height, shown.get("alt", ""))
