"""The world's countries and clocks, in the reader's language, as a store's form offers them."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache

from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from core.locales import locale_of
from giftshop import zones

Group = tuple[str, list[tuple[str, str]]]


def countries() -> list[tuple[str, str]]:
    """[("DE", "Germany"), ...] by name."""
    return _countries(get_language() or "en")


MOST_PEOPLE = {
    "CA": "America/Toronto",
    "FM": "Pacific/Pohnpei",
    "RU": "Europe/Moscow",
    "UZ": "Asia/Tashkent",
}
"""The clock of most of its people, where another one of the country stands before it in the tables."""


def zones_of(country: str) -> list[str]:
    """A country's clocks, that of most people first, then well-known cities: "DE" -> ["Europe/Berlin",
    "Europe/Busingen"]."""
    found = [row[2] for row in zones.table("zone.tab") if row[0] == country]
    return sorted(
        found, key=lambda name: (name != MOST_PEOPLE.get(country), name not in zones.WELL_KNOWN)
    )


def every_zone(now: datetime, *, first: Iterable[str] = ()) -> list[Group]:
    """Choices for a select: the zones in `first` on top, then all others by part of the world."""
    near = list(dict.fromkeys(name for name in first if zones.is_zone(name)))
    groups: dict[str, list[str]] = {}
    for name in _zone_names():
        if name not in near:
            groups.setdefault(_part(name), []).append(name)
    sorted_groups = [(part, zones.labelled(group, now)) for part, group in sorted(groups.items())]
    return [(_("Your stores"), [(name, zones.label(name, now)) for name in near]), *sorted_groups]


PARTS = {
    "America": gettext_noop("Americas"),
    "Europe": gettext_noop("Europe"),
    "Africa": gettext_noop("Africa"),
    "Asia": gettext_noop("Asia"),
    "Australia": gettext_noop("Australia"),
    "Antarctica": gettext_noop("Antarctica"),
}


def _part(name: str) -> str:
    """The part of the world that a zone's name begins with."""
    return _(PARTS.get(name.partition("/")[0], gettext_noop("Islands")))


@cache
def _countries(language: str) -> list[tuple[str, str]]:
    territories = locale_of(language).territories
    codes = {row[0] for row in zones.table("iso3166.tab")}
    named = ((code, territories.get(code, code)) for code in codes)
    return sorted(named, key=lambda choice: zones.sort_key(choice[1]))


@cache
def _zone_names() -> tuple[str, ...]:
    """One for each clock that differs, without names that are kept for old programs."""
    return tuple(sorted({row[2] for row in zones.table("zone.tab")}))
