"""The time zones people choose from: a short list of places, each with its clock's distance to GMT."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from babel.dates import get_timezone_location
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.locales import locale_of

PLACES = {
    "America": """Pacific/Honolulu America/Anchorage America/Los_Angeles America/Vancouver
        America/Phoenix America/Denver America/Chicago America/Mexico_City America/Bogota
        America/Lima America/New_York America/Toronto America/Caracas America/Puerto_Rico
        America/Halifax America/Santiago America/St_Johns America/Buenos_Aires
        America/Sao_Paulo""",
    "Europe": """Atlantic/Reykjavik Europe/Dublin Europe/Lisbon Europe/London Europe/Amsterdam
        Europe/Berlin Europe/Brussels Europe/Budapest Europe/Copenhagen Europe/Madrid Europe/Oslo
        Europe/Paris Europe/Prague Europe/Rome Europe/Stockholm Europe/Vienna Europe/Warsaw
        Europe/Zurich Europe/Athens Europe/Bucharest Europe/Helsinki Europe/Kyiv
        Europe/Istanbul""",
    "Africa": "Africa/Casablanca Africa/Lagos Africa/Cairo Africa/Johannesburg Africa/Nairobi",
    "Asia": """Asia/Jerusalem Asia/Dubai Asia/Karachi Asia/Kolkata Asia/Dhaka Asia/Bangkok
        Asia/Jakarta Asia/Hong_Kong Asia/Manila Asia/Shanghai Asia/Singapore Asia/Taipei
        Asia/Seoul Asia/Tokyo""",
    "Oceania": """Australia/Perth Australia/Adelaide Australia/Brisbane Australia/Sydney
        Pacific/Auckland""",
}


@cache
def _all_zones() -> frozenset[str]:
    return frozenset(available_timezones())


def is_zone(name: str) -> bool:
    return name in _all_zones()


def zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def grouped(now: datetime, *, also: Iterable[str] = ()) -> list[tuple[str, list[tuple[str, str]]]]:
    """Choices for a select: continents, with the places in `also` (the brand's, the chosen) on top."""
    first = list(dict.fromkeys(name for name in also if is_zone(name)))
    titles = {
        "America": _("Americas"),
        "Europe": _("Europe"),
        "Africa": _("Africa"),
        "Asia": _("Asia"),
        "Oceania": _("Oceania"),
    }
    groups = [
        (titles[title], [(name, label(name, now)) for name in names.split() if name not in first])
        for title, names in PLACES.items()
    ]
    return (
        [(_("Nearby"), [(name, label(name, now)) for name in first]), *groups] if first else groups
    )


def label(name: str, now: datetime) -> str:
    """ "America/Los_Angeles" -> "Los Angeles (GMT-7)"."""
    offset = now.astimezone(ZoneInfo(name)).utcoffset()
    minutes = int(offset.total_seconds() // 60) if offset else 0
    hours, rest = divmod(abs(minutes), 60)
    sign = "+" if minutes >= 0 else "\u2212"
    distance = f"GMT{sign}{hours}" + (f":{rest:02}" if rest else "") if minutes else "GMT"
    return f"{place(name)} ({distance})"


def place(name: str) -> str:
    """The zone's city in the reader's language: "Los Angeles"."""
    return _place(name, get_language() or "en")


@cache
def _place(name: str, language: str) -> str:
    return str(get_timezone_location(name, locale=locale_of(language), return_city=True))
