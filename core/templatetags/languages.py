"""Whose words these are: {{ treat.name|in_language:brand.language }}, {{ recipient|bdi }}; in plain text, an
attribute or a title {{ recipient|isolated }}; and what is no language's: {{ store.phone|ltr }}."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from core import bidi as plain_text
from core.locales import Text, direction, with_country

register = template.Library()


@register.filter
def bdi(name: object) -> SafeString:
    """A name, whose letters turn nothing round that stands beside it: <bdi>; nothing for nothing."""
    return format_html("<bdi>{}</bdi>", name) if name else SafeString()


@register.filter
def isolated(name: object) -> str:
    """The same where no element can stand: in an attribute, a title, a mail's text."""
    return plain_text.isolated(str(name)) if name else ""


@register.filter
def ltr(sign: object) -> SafeString:
    """A phone number, a code, an address, a percentage: it is read from the left in every language."""
    return format_html('<bdi dir="ltr">{}</bdi>', sign) if sign else SafeString()


register.filter("with_country", with_country)


@register.filter
def in_language(text: object, language: str) -> SafeString:
    """What somebody wrote in that language, for a page that is in another: <bdi lang="en" dir="ltr">. On a
    page in the same language, or where nobody said one (""), it is isolated if it is Arabic or Hebrew. A
    Text knows better than who shows it."""
    if not text:
        return SafeString()
    said = lang(written_in(text, language))
    if said or plain_text.is_right_to_left(str(text)):
        return format_html("<bdi{}>{}</bdi>", said, text)
    return format_html("{}", text)


@register.filter
def written_in(text: object, language: str) -> str:
    """The language of a Text, else that one."""
    return text.language if isinstance(text, Text) else language


@register.filter
def lang(language: str) -> SafeString:
    """Of an element with nothing but what somebody wrote: <option{{ brand.language|lang }}>. Empty where
    the page is in that language too, or nobody said one."""
    if not language or language.lower() == (get_language() or "en").lower():
        return SafeString()
    return format_html(' lang="{}" dir="{}"', language, direction(language))
