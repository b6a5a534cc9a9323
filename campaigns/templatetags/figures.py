"""Figures in a page: {{ count|number }}, {{ part|share }}, {{ link|address }}, {{ period.first|long_day }}.
And for the shop: {% campaign_headline brand as headline %}."""

from django import template
from django.http import HttpRequest
from django.template import Context

from campaigns import headlines, links, wording
from campaigns.models import Link
from redemption.models import Brand

register = template.Library()


@register.filter
def number(value: int) -> str:
    return wording.number(value)


@register.filter
def share(part: float | None) -> str:
    """12%, or a dash where there is nothing to divide by."""
    return "\u2013" if part is None else wording.share(part)


@register.filter
def address(link: Link) -> str:
    return links.address(link)


@register.simple_tag(takes_context=True)
def campaign_headline(context: Context, brand: Brand) -> str:
    """What greets somebody who came by a link of a running campaign; empty for everybody else.
    No query for a browser that never followed a link."""
    request: HttpRequest = context["request"]
    return headlines.headline(brand=brand, visitor_id=getattr(request, "visitor_id", ""))
