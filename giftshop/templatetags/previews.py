"""What a page's head says to messengers and networks."""

from django import template

from brands.models import Brand
from giftshop.catalog.menu import Offer
from giftshop.orders.models import Gift
from giftshop.share_pictures import of
from giftshop.share_pictures.of import Preview

register = template.Library()


@register.simple_tag
def gift_preview(gift: Gift) -> Preview:
    return of.gift(gift)


@register.simple_tag
def shop_preview(brand: Brand, chosen: Offer | None) -> Preview:
    """Of the treat that is chosen, else of the shop."""
    return of.treat(chosen.treat) if chosen else of.shop(brand)


@register.simple_tag
def directory_preview(title: str) -> Preview:
    return of.directory(title)
