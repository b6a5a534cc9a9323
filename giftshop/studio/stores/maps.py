"""A position as people paste it: two numbers, or a link from a map."""

import re
from urllib.parse import unquote

DIGITS = 6
"""Behind the point: a hand's breadth on the ground."""

LENGTH_MAX = 600
"""Of what is pasted: a link from a map, with everything that hangs on it."""

LATITUDE_MAX, LONGITUDE_MAX = 90, 180

_NUMBER = r"([+-]?\d{1,3}(?:\.\d+)?)"
_LINKS = [
    re.compile(pattern)
    for pattern in (
        rf"!3d{_NUMBER}!4d{_NUMBER}",  # the pin of a Google link, before the middle of its picture
        rf"[?&#](?:q|query|ll|sll|daddr|destination|coordinate|center)=(?:loc:)?{_NUMBER},\s*\+?{_NUMBER}",
        rf"[?&]mlat={_NUMBER}&mlon={_NUMBER}",
        rf"/@{_NUMBER},{_NUMBER}",
        rf"#map=\d+(?:\.\d+)?/{_NUMBER}/{_NUMBER}",
        rf"^geo:{_NUMBER},{_NUMBER}",
    )
]
_BETWEEN = r"(?:\s*[,;]\s*|\s+)"
_POINTS = re.compile(rf"{_NUMBER}{_BETWEEN}{_NUMBER}")
_COMMAS = re.compile(
    r"([+-]?\d{1,3},\d+)(?:\s*;\s*|\s+)([+-]?\d{1,3},\d+)|([+-]?\d+,\d+),\s+([+-]?\d+,\d+)"
)
_COMPASS = re.compile(
    r"(\d{1,3}(?:[.,]\d+)?)\s*(?:°\s*)?([NS])[,;\s]+(\d{1,3}(?:[.,]\d+)?)\s*(?:°\s*)?([EW])",
    re.IGNORECASE,
)


def position_in(text: str) -> tuple[float, float] | None:
    """Latitude and longitude, or None when the text holds no position on this Earth.

    "47.6097, -122.3331", "47,6097; -122,3331", "47.6097° N, 122.3331° W", geo: and links of the
    usual maps.
    """
    text = unquote(text[:LENGTH_MAX]).strip()
    for pattern in _LINKS:
        if found := pattern.search(text):
            return _on_earth(found[1], found[2])
    if found := _COMPASS.fullmatch(text):
        south, west = found[2] in "Ss", found[4] in "Ww"
        return _on_earth("-" * south + found[1], "-" * west + found[3])
    if found := _COMMAS.fullmatch(text):
        return _on_earth(found[1] or found[3], found[2] or found[4])
    if found := _POINTS.fullmatch(text.strip("()")):
        return _on_earth(found[1], found[2])
    return None


def map_url(latitude: float | None, longitude: float | None) -> str:
    """The place on OpenStreetMap, or an empty text."""
    if latitude is None or longitude is None:
        return ""
    return (
        f"https://www.openstreetmap.org/?mlat={latitude}&mlon={longitude}"
        f"#map=17/{latitude}/{longitude}"
    )


def _on_earth(latitude: str, longitude: str) -> tuple[float, float] | None:
    north, east = (round(float(part.replace(",", ".")), DIGITS) for part in (latitude, longitude))
    return (north, east) if abs(north) <= LATITUDE_MAX and abs(east) <= LONGITUDE_MAX else None
