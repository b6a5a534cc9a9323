"""Parts of addresses and keys that are made from names."""

from collections.abc import Collection

from django.utils.text import slugify

LENGTH_MAX = 50


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
