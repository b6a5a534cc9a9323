"""Icons, drawn where they stand."""

import re
from functools import cache
from pathlib import Path

from django import template
from django.contrib.staticfiles import finders
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag
def icon_lines(name: str) -> SafeString:
    """What the sprite draws for an icon: for a page that would ask for the whole sprite to show one."""
    return mark_safe(_symbols()[name])  # nosec B308 B703 - a file of ours


@cache
def _symbols() -> dict[str, str]:
    sprite = Path(str(finders.find("icons/sprite.svg"))).read_text()
    return dict(re.findall(r'<symbol id="([\w-]+)"[^>]*>(.*?)</symbol>', sprite, re.DOTALL))
