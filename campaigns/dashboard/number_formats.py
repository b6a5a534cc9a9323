"""Figures as the reader writes them: numbers, shares, days and hours."""

import re
from datetime import date, datetime, time

from babel.dates import format_date, format_interval, format_skeleton, format_time
from babel.numbers import format_decimal, format_percent, get_plus_sign_symbol

from core.locales import readers_locale

YEAR_LAST = re.compile(r"[,\s]*(?:'[^']*'\s*)?y+$")
"""Of a pattern of CLDR; where the year stands elsewhere, it stays."""


def number(value: int) -> str:
    """1234 -> 1,234 in English, 1.234 in German."""
    return str(format_decimal(value, locale=readers_locale()))


def share(part: float, *, signed: bool = False, digits: int = 1) -> str:
    """0.123 -> 12%; below one in ten with one digit more, so that 1.2% is not told as 1%."""
    reader = readers_locale()
    pattern = reader.percent_formats[None].pattern
    if abs(part) < 0.1:
        pattern = pattern.replace("0", f"0.{'#' * digits}", 1)
    text = str(format_percent(part, format=pattern, locale=reader))
    return get_plus_sign_symbol(reader) + text if signed and part > 0 else text


def short_day(day: date) -> str:
    """May 14, or 14. Mai."""
    return str(format_skeleton("MMMd", day, locale=readers_locale()))


def long_day(day: date) -> str:
    """Thu, May 14, 2026."""
    return str(format_skeleton("yMMMEd", day, locale=readers_locale()))


def month_of(day: date) -> str:
    """May 2026."""
    return str(format_skeleton("yMMM", day, locale=readers_locale()))


def day_in_words(day: date) -> str:
    """Thursday, May 14, or Donnerstag, 14. Mai."""
    reader = readers_locale()
    return str(format_date(day, YEAR_LAST.sub("", reader.date_formats["full"].pattern), reader))


def moment(at: datetime) -> str:
    """May 14, 2:05 PM, on the clock that `at` carries."""
    reader = readers_locale()
    clock = format_time(at.time(), "short", locale=reader)
    return f"{short_day(at.date())}, {clock}"


def hour_of_day(hour: int) -> str:
    """2 PM, or 14 Uhr."""
    reader = readers_locale()
    twelve = "a" in reader.time_formats["short"].pattern
    return str(format_skeleton("h" if twelve else "H", time(hour), locale=reader))


def days_between(first: date, last: date) -> str:
    """Apr 17 to May 14, 2026, as the reader writes a span."""
    if first == last:
        return long_day(first)
    return str(format_interval(first, last, "yMMMd", locale=readers_locale()))
