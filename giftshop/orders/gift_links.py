"""A gift's page held before a till: its address leads to the code that the page would show."""

import re

from django_scopes import scopes_disabled

from giftshop.orders.models import Gift

_LINK = re.compile(r"/gift/([A-Za-z0-9_-]{43})(?![A-Za-z0-9_-])")
"""As static/js/till/scan/code_format.js knows it, too."""


def code_of_link(text: str) -> str | None:
    """The symbols behind the address of a gift's page, of whatever brand: the till's rules come after.
    None for another text, an unknown link, and a gift whose code was spent and forgotten."""
    found = _LINK.search(text)
    if found is None:
        return None
    with scopes_disabled():
        gift = Gift.objects.with_token(found[1]).select_related("code").first()
    return gift.code.reveal() if gift and gift.code else None
