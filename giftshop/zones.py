"""Time zones in the reader's language: each a city with its country and its clock's distance to UTC."""

import unicodedata
from collections.abc import Iterable
from datetime import datetime
from functools import cache, lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo, available_timezones

from babel.core import get_global
from babel.dates import get_timezone_location
from django.utils.translation import get_language

from core.locales import locale_of

_WELL_KNOWN = """
    Pacific/Honolulu America/Anchorage America/Los_Angeles America/Vancouver America/Phoenix
    America/Denver America/Chicago America/Mexico_City America/Bogota America/Lima
    America/New_York America/Toronto America/Caracas America/Puerto_Rico America/Halifax
    America/Santiago America/St_Johns America/Argentina/Buenos_Aires America/Sao_Paulo
    Atlantic/Reykjavik Europe/Dublin Europe/Lisbon Europe/London Europe/Amsterdam Europe/Berlin
    Europe/Brussels Europe/Budapest Europe/Copenhagen Europe/Madrid Europe/Oslo Europe/Paris
    Europe/Prague Europe/Rome Europe/Stockholm Europe/Vienna Europe/Warsaw Europe/Zurich
    Europe/Athens Europe/Bucharest Europe/Helsinki Europe/Kyiv Europe/Istanbul Africa/Casablanca
    Africa/Lagos Africa/Cairo Africa/Johannesburg Africa/Nairobi Asia/Jerusalem Asia/Dubai
    Asia/Karachi Asia/Kolkata Asia/Dhaka Asia/Bangkok Asia/Jakarta Asia/Hong_Kong Asia/Manila
    Asia/Shanghai Asia/Singapore Asia/Taipei Asia/Seoul Asia/Tokyo Australia/Perth
    Australia/Adelaide Australia/Brisbane Australia/Sydney Pacific/Auckland
"""
WELL_KNOWN = frozenset(_WELL_KNOWN.split())
"""Of a country's clocks those that most people mean."""


@cache
def _all_zones() -> frozenset[str]:
    return frozenset(available_timezones())


def is_zone(name: str) -> bool:
    return name in _all_zones()


@cache
def zone(name: str) -> ZoneInfo:
    """ZoneInfo itself keeps the last eight, of the hundreds that a form offers."""
    return ZoneInfo(name)


def labelled(names: Iterable[str], now: datetime) -> list[tuple[str, str]]:
    """Choices for a select: each with its label, by country and city."""
    ordered = sorted(names, key=lambda name: (sort_key(country(name)), sort_key(place(name))))
    return [(name, label(name, now)) for name in ordered]


def label(name: str, now: datetime) -> str:
    """ "America/Los_Angeles" -> "Los Angeles, United States (UTC\u22127)"."""
    offset = now.astimezone(zone(name)).utcoffset()
    minutes = int(offset.total_seconds() // 60) if offset else 0
    hours, rest = divmod(abs(minutes), 60)
    sign = "+" if minutes >= 0 else "\u2212"
    distance = f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "") if minutes else "UTC"
    return f"{named(name)} ({distance})"


def named(name: str) -> str:
    """ "Australia/Sydney" -> "Sydney, Australia"."""
    city, land = place(name), country(name)
    return city if city in land or not land else f"{city}, {land}"  # Singapore, Hong Kong


def place(name: str) -> str:
    """The zone's city in the reader's language: "Los Angeles"."""
    return _place(name, get_language() or "en")


@cache
def _place(name: str, language: str) -> str:
    """Babel says Argentina/Buenos Aires where a country has several, and hyphenates Reykjavik in German."""
    city = str(get_timezone_location(name, locale=locale_of(language), return_city=True))
    return city.rpartition("/")[2].replace("\N{SOFT HYPHEN}", "")


def country(name: str) -> str:
    """The zone's country in the reader's language, or an empty text: the clock of UTC has none."""
    return _country(name, get_language() or "en")


@cache
def _country(name: str, language: str) -> str:
    codes = _country_codes()
    code = codes.get(name) or codes.get(get_global("zone_aliases").get(name, ""), "")
    return str(locale_of(language).territories.get(code, ""))


@cache
def _country_codes() -> dict[str, str]:
    """ "AR" by each zone of the time zone database, but for older names."""
    return {row[2]: row[0] for row in table("zone.tab")}


@cache
def table(name: str) -> list[list[str]]:
    """Rows of one of the time zone database's tables."""
    lines = text(name).splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def text(name: str) -> str:
    """A file of the time zone database as it stands."""
    return (files("tzdata") / "zoneinfo" / name).read_text(encoding="utf-8")


@lru_cache(maxsize=4096)
def sort_key(words: str) -> str:
    """Österreich stands with O."""
    plain = unicodedata.normalize("NFKD", words)
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).casefold()
