"""Whether a page may offer passkeys."""

from typing import Any

from django import template

from giftshop.sign_in.factors import passkeys

register = template.Library()


@register.simple_tag(takes_context=True)
def passkeys_work(context: Any) -> bool:
    return passkeys.works_at(context["request"])


@register.simple_tag(takes_context=True)
def passkeys_elsewhere(context: Any) -> str:
    """An address of the same page at which they do; empty where we know none."""
    return passkeys.elsewhere(context["request"])
