"""Time zones by what people type: a city, a country, an older name, in any language of ours."""

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.utils.translation import override

from giftshop import zones

TYPED_MAX = 80
"""Characters of what is typed that are looked at; no place is so long."""
FOUND_MAX = 40
"""As many as a country has at most (the United States), and some more."""

_ALSO = {
    "US": "USA",
    "GB": "UK England Scotland Wales",
    "AE": "UAE",
    "NL": "Holland",
    "Asia/Kolkata": "Kalkutta Calcuta",
    "Europe/Kyiv": "Kiew",
}
"""What people say of a country or a city, and no table does."""


@dataclass(frozen=True)
class _Place:
    zone: str
    names: frozenset[str]
    """The whole of what it may be called, folded: "sydney", "sydney australia"."""
    words: frozenset[str]
    """The single words by which it is found."""


def search(typed: str) -> list[str]:
    """Zones whose city, country or older name begin with each of the words that were typed: the city that is
    called just so first, then well-known ones, then by the reader's alphabet. Nothing for no words."""
    words = _words(typed[:TYPED_MAX])
    if not words:
        return []
    found = [
        place
        for place in _places()
        if all(any(known.startswith(word) for known in place.words) for word in words)
    ]
    whole = " ".join(words)
    found.sort(
        key=lambda place: (
            whole not in place.names,
            place.zone not in zones.WELL_KNOWN,
            zones.sort_key(zones.named(place.zone)),
        )
    )
    return [place.zone for place in found[:FOUND_MAX]]


def one(typed: str) -> str | None:
    """The zone that is meant: by its own name, the only one called just so, or the only one that is found."""
    typed = typed.strip()[:TYPED_MAX]
    if "/" in typed and zones.is_zone(typed):
        return typed
    found = search(typed)
    whole = " ".join(_words(typed))
    named = [place.zone for place in _places() if whole in place.names]
    for alone in (named, found):
        if len(alone) == 1:
            return alone[0]
    return typed if zones.is_zone(typed) else None


def typed_as(zone: str) -> str:
    """What somebody would type for the zone: its place, or its own name where that is none."""
    return zones.named(zone) if one(zones.named(zone)) else zone


@cache
def _places() -> tuple[_Place, ...]:
    """Each place of the tables. Made once in a process, which takes half a second."""
    older = _older_names()
    found = []
    for code, _where, zone, *_comment in zones.table("zone.tab"):
        names, words = set(), {*_words(zone), code.casefold()}
        words |= {*_words(_ALSO.get(code, "")), *_words(_ALSO.get(zone, ""))}
        for name in older[zone]:
            words |= set(_words(name))
            names.add(" ".join(_words(name.rpartition("/")[2])))
        for language, _name in settings.LANGUAGES:
            with override(language):
                city, land = _words(zones.place(zone)), _words(zones.country(zone))
                names |= {" ".join(city), " ".join(_words(zones.named(zone)))}
            words |= {*city, *land}
        found.append(_Place(zone, frozenset(names), frozenset(words)))
    return tuple(found)


def _older_names() -> dict[str, list[str]]:
    """By zone of the tables, the names that lead to it: Asia/Calcutta to Asia/Kolkata."""
    found: dict[str, list[str]] = defaultdict(list)
    places = {row[2] for row in zones.table("zone.tab")}
    for line in zones.text("tzdata.zi").splitlines():
        kind, _space, rest = line.partition(" ")
        if kind == "L":
            zone, name = rest.split()
            if name not in places:  # Amsterdam is kept as Brussels is, and a place of its own
                found[zone].append(name)
    return found


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", zones.sort_key(text))
