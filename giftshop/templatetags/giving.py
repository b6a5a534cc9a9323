"""What the pages of the give flow ask about recipients and times."""

from datetime import datetime
from typing import Any

from django import template

from giftshop import zones
from giftshop.friends import salutation
from giftshop.giving import schedule

register = template.Library()


@register.filter
def zone_place(name: str) -> str:
    """ "Europe/Berlin" -> "Berlin"."""
    return zones.place(name)


@register.filter
def comes_twice(moment: datetime, zone: str) -> bool:
    """Whether clocks there show this time twice that night."""
    return schedule.comes_twice(moment, zones.zone(zone))


@register.filter
def short_name(row: dict[str, Any] | None) -> str:
    """How the card calls the recipient of a draft's row."""
    return salutation.short_name(str((row or {}).get("name", "")))
