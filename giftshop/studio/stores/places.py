"""The world's countries and clocks, in the reader's language, as a store's form offers them."""

import unicodedata
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from importlib.resources import files

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.locales import locale_of
from giftshop import zones

Group = tuple[str, list[tuple[str, str]]]


def countries() -> list[tuple[str, str]]:
    """[("DE", "Germany"), ...] by name."""
    return _countries(get_language() or "en")


def every_zone(now: datetime, *, first: Iterable[str] = ()) -> list[Group]:
    """Choices for a select: the zones in `first` on top, then all others by part of the world."""
    near = list(dict.fromkeys(name for name in first if zones.is_zone(name)))
    groups: dict[str, list[tuple[str, str]]] = {}
    for name in _zone_names():
        if name not in near:
            groups.setdefault(_part(name), []).append((name, zones.label(name, now)))
    sorted_groups = [(part, sorted(group, key=_by_name)) for part, group in sorted(groups.items())]
    return [(_("Your stores"), [(name, zones.label(name, now)) for name in near]), *sorted_groups]


def _part(name: str) -> str:
    """The part of the world that a zone's name begins with."""
    titles = {
        "America": _("Americas"),
        "Europe": _("Europe"),
        "Africa": _("Africa"),
        "Asia": _("Asia"),
        "Australia": _("Australia"),
        "Antarctica": _("Antarctica"),
    }
    return titles.get(name.partition("/")[0], _("Islands"))


@cache
def _countries(language: str) -> list[tuple[str, str]]:
    territories = locale_of(language).territories
    codes = {row[0] for row in _table("iso3166.tab")}
    return sorted(((code, territories.get(code, code)) for code in codes), key=_by_name)


@cache
def _zone_names() -> tuple[str, ...]:
    """One for each clock that differs, without names that are kept for old programs."""
    return tuple(sorted({row[2] for row in _table("zone.tab")}))


def _table(name: str) -> list[list[str]]:
    """Rows of one of the time zone database's tables."""
    text = (files("tzdata") / "zoneinfo" / name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]


def _by_name(choice: tuple[str, str]) -> str:
    """Österreich stands with O."""
    plain = unicodedata.normalize("NFKD", choice[1])
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).casefold()
