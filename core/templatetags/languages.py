"""Whose words these are: {{ treat.name|in_language:brand.language }}, {{ recipient|bdi }}."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from core.locales import direction

register = template.Library()


@register.filter
def bdi(name: object) -> SafeString:
    """A name, whose letters turn nothing round that stands beside it: <bdi>; nothing for nothing."""
    return format_html("<bdi>{}</bdi>", name) if name else SafeString()


@register.filter
def in_language(text: object, language: str) -> SafeString:
    """What somebody wrote in that language, for a page that is in another: <bdi lang="en" dir="ltr">."""
    if not text:
        return SafeString()
    if said := lang(language):
        return format_html("<bdi{}>{}</bdi>", said, text)
    return format_html("{}", text)


@register.filter
def lang(language: str) -> SafeString:
    """Of an element with nothing but what somebody wrote: <option{{ brand.language|lang }}>. Empty where
    the page is in that language too, or nobody said one."""
    if not language or language.lower() == (get_language() or "en").lower():
        return SafeString()
    return format_html(' lang="{}" dir="{}"', language, direction(language))
