"""How a shop's pages lead to one another without losing how their reader came (giftshop/http/said_on.py).

A page without a request, as of an error, says nothing on.
"""

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from brands.models import Brand
from giftshop.http.said_on import said_on, with_query

register = template.Library()


@register.simple_tag(takes_context=True)
def shop_url(context: Context, brand: Brand, name: str, *args: str, **query: str) -> str:
    """The address of a page of the brand's shop: of its `name`, what comes after the brand's, and its own
    query."""
    return with_query(reverse(name, args=[brand.slug, *args]), {**query, **_said(context, brand)})


@register.simple_tag(takes_context=True)
def saying_on(context: Context, brand: Brand, address: str) -> str:
    """Any other address of its pages."""
    return with_query(address, _said(context, brand))


@register.simple_tag(takes_context=True)
def shop_query(context: Context, brand: Brand) -> str:
    """What goes behind another query of the same page: &link=summer."""
    said = _said(context, brand)
    return f"&{urlencode(said)}" if said else ""


@register.simple_tag(takes_context=True)
def shop_inputs(context: Context, brand: Brand) -> SafeString:
    """What a form to a page of the shop says on: hidden inputs."""
    fields = _said(context, brand).items()
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', fields)


def _said(context: Context, brand: Brand) -> dict[str, str]:
    request = context.get("request")
    return said_on(request, brand) if request else {}
