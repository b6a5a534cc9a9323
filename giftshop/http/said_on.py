"""What a shop's own addresses and forms say on, from page to page, of how their reader came, where nothing
but the address knows it: each room names what it says and reads it of a request.

A page repeats of its address only what its room found to be ours, never a stranger's words.
"""

from collections.abc import Callable, Mapping
from urllib.parse import urlencode

from django.http import HttpRequest

from brands.models import Brand

Reader = Callable[[HttpRequest, Brand], str]
_READERS: dict[str, Reader] = {}


def says(name: str) -> Callable[[Reader], Reader]:
    """Names what the decorated function reads of a request, for a brand's pages; empty for nothing."""

    def named(read: Reader) -> Reader:
        _READERS[name] = read
        return read

    return named


def said_on(request: HttpRequest, brand: Brand) -> dict[str, str]:
    """By name, in one order. Read once for each request; one query for each thing that is said, none where
    nothing is."""
    kept: dict[object, dict[str, str]] = request.__dict__.setdefault("_said_on", {})
    if brand.pk not in kept:
        found = {name: _READERS[name](request, brand) for name in sorted(_READERS)}
        kept[brand.pk] = {name: text for name, text in found.items() if text}
    return kept[brand.pk]


def say_on(request: HttpRequest, brand: Brand, address: str) -> str:
    """An address of the brand's shop that says on what the request's said."""
    return with_query(address, said_on(request, brand))


def with_query(address: str, said: Mapping[str, str]) -> str:
    """An address of ours, perhaps with a ?query and a #place, with this besides."""
    path, sharp, place = address.partition("#")
    mark = "&" if "?" in path else "?"
    return f"{path}{mark}{urlencode(said)}{sharp}{place}" if said else address


def typed(request: HttpRequest, name: str) -> str:
    """What its address says under that name, else its form."""
    return request.GET.get(name) or request.POST.get(name) or ""
