"""Every address that the product answers, as Django resolves them."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver


def every_route() -> dict[str, str]:
    """Route by its name; by itself where it has none."""
    return dict(_walk(get_resolver(), ""))


def _walk(resolver: URLResolver, before: str) -> Iterator[tuple[str, str]]:
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(entry, route)
        elif isinstance(entry, URLPattern):
            yield entry.name or route, route
