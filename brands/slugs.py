"""Parts of addresses and keys that are made from names."""

import secrets
from collections.abc import Collection

from django.utils.text import slugify

LENGTH_MAX = 50
ENDING_SYMBOLS = "23456789abcdefghjkmnpqrstvwxyz"
ENDING_LENGTH = 5
READABLE_LENGTH_MAX = 24


def stem(name: str, *, otherwise: str, length: int = LENGTH_MAX) -> str:
    """pike-street of "Pike Street"; `otherwise` for a name without Latin letters."""
    return slugify(name)[:length].strip("-") or otherwise


def free(stem: str, taken: Collection[str]) -> str:
    """The stem, or the first of stem-2, stem-3, ... that is not taken."""
    slug, number = stem, 1
    while slug in taken:
        number += 1
        slug = f"{stem}-{number}"
    return slug


def not_guessed(name: str, *, otherwise: str) -> str:
    """Readable on a poster, not to be guessed from another: summer-window-k7q2m. Unique only by its luck."""
    readable = stem(name, otherwise=otherwise, length=READABLE_LENGTH_MAX)
    return f"{readable}-{''.join(secrets.choice(ENDING_SYMBOLS) for _ in range(ENDING_LENGTH))}"
