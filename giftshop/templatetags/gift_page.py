"""What the gift page asks of a store."""

from urllib.parse import urlencode

from django import template

from brands.models import Store
from giftshop.catalog.contents import Told

register = template.Library()


@register.filter
def of_option(told: dict[str, Told], key: str) -> Told | None:
    """What is told of a choice: key is "flavour:mint"."""
    return told.get(key)


@register.filter
def map_link(store: Store) -> str:
    """An https link that phones open in their map. Nothing is fetched until it is tapped."""
    place = ", ".join(part for part in (store.name, store.street, store.city, store.region) if part)
    if store.latitude is not None and store.longitude is not None:
        place = f"{store.latitude},{store.longitude}"
    return "https://www.google.com/maps/search/?" + urlencode({"api": 1, "query": place})
