"""Who else may say whose address it is: those that the installation has settings for."""

from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True)
class Provider:
    """`name`: as people know it."""

    id: str
    name: str


ALL = (
    Provider("google", "Google"),
    Provider("apple", "Apple"),
)
"""Each says of an address whether it is proven. Facebook does not, so it is not among them."""


def offered() -> list[Provider]:
    """For the page of signing in."""
    return [each for each in ALL if each.id in settings.SOCIALACCOUNT_PROVIDERS]
