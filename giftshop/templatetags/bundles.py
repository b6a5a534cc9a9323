"""The style sheets and the script of a kind of page: one file each once they are collected."""

from django import template
from django.contrib.staticfiles.storage import staticfiles_storage
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from giftshop.static_files import bundles
from giftshop.static_files.storage import ReleaseStorage

register = template.Library()


@register.simple_tag
def sheets(kind: str) -> SafeString:
    """<link> for the kind's sheet, or for each of its sheets where files are served as they are written."""
    names = (bundles.sheet_of(kind),) if _are_joined() else bundles.BUNDLES[kind].sheets
    addresses = ((staticfiles_storage.url(name),) for name in names)
    return format_html_join("\n  ", '<link rel="stylesheet" href="{}">', addresses)


@register.simple_tag
def script(kind: str) -> SafeString:
    """<script> for the kind's module."""
    name = bundles.script_of(kind) if _are_joined() else bundles.BUNDLES[kind].module
    return format_html('<script src="{}" type="module"></script>', staticfiles_storage.url(name))


def _are_joined() -> bool:
    return isinstance(staticfiles_storage, ReleaseStorage)
