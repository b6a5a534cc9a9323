"""Addresses of pages that one secret opens, as letters name them: thousands at once, alike but for that."""

from functools import cache

from django.conf import settings
from django.urls import reverse

_SECRET = "-the-secret-"  # nosec B105  # its place


def url(route: str, secret: str) -> str:
    """The whole address of such a page. `secret`: letters, digits and what needs no quoting in a path."""
    return settings.BASE_URL + path(route, secret)


def path(route: str, secret: str) -> str:
    """The same on pages of ours."""
    before, after = _around(route)
    return f"{before}{secret}{after}"


@cache
def _around(route: str) -> tuple[str, str]:
    before, _secret, after = reverse(route, args=[_SECRET]).partition(_SECRET)
    return before, after
