"""What the studio's pages show on top, whichever it is."""

from typing import Any

from django import template
from django.template.context import Context
from django.utils import timezone

from giftshop.accounts import alarms as raised
from redemption.codes import void

register = template.Library()


@register.simple_tag
def open_requests() -> int:
    """How many wait for a second person, for an owner's menu. One query, in the brand's scope."""
    return void.open_requests().count()


@register.inclusion_tag("giftshop/studio/alarms.html", takes_context=True)
def alarms(context: Context) -> dict[str, Any]:
    """A notice for each alarm of the last day, to owners. One query for them, none for others."""
    membership = getattr(context.get("request"), "membership", None)
    if membership is None or not membership.is_owner:
        return {"alarms": []}
    brand = context["brand"]
    with timezone.override(brand.tz):
        found = [raised.words_of(alarm) for alarm in raised.recent(timezone.now())]
    return {
        "alarms": found,
        "brand": brand,
        "on_devices": context.get("section") == "devices",
    }
