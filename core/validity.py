"""The days on which a gift is good. Whoever shows its last day, or takes one from a person, asks here."""

from datetime import date, datetime, time, timedelta, tzinfo

from django.utils.translation import ngettext

YEARS, MONTHS = (366, 365), 31
"""So many days each, as somebody types them who means whole years or months."""


DAYS_MAX = 36_600
"""A hundred years: nothing is good for longer, however it is asked for. No calendar ends before."""


def expiry(arrives_at: datetime, *, days: int, zone: tzinfo) -> datetime:
    """The midnight after the last day on which a gift that is good for so many days can be used. They are
    counted from the day it arrives on, so of a scheduled gift none is lost before it comes."""
    return end_of(arrives_at.astimezone(zone).date() + timedelta(days=days), zone)


def end_of(day: date, zone: tzinfo) -> datetime:
    """The midnight after that day on the zone's clock. Raises OverflowError for the calendar's last."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone)


def last_day(expires_at: datetime, zone: tzinfo) -> date:
    """The last day on which what ends then can be used: a midnight belongs to the day before."""
    return (expires_at - timedelta(microseconds=1)).astimezone(zone).date()


def latest_day(now: datetime, zone: tzinfo) -> date:
    """The latest that may be asked for as a last day."""
    return now.astimezone(zone).date() + timedelta(days=DAYS_MAX)


class TooFar(ValueError):
    """It would be good for more than a hundred years."""


def check(expires_at: datetime | None, now: datetime) -> None:
    """The last look, for whatever way it came through. Raises TooFar. None: as the brand's rule says."""
    if expires_at and expires_at > now + timedelta(days=DAYS_MAX + 2):  # two: in no zone too early
        raise TooFar


def in_words(days: int) -> str:
    """In the reader's language; years and months only where they are whole."""
    for length in YEARS:
        if days and days % length == 0:
            return _said(days // length, "year")
    if days and days % MONTHS == 0:
        return _said(days // MONTHS, "month")
    return _said(days, "day")


def _said(count: int, what: str) -> str:
    said = {
        "year": ngettext("%(count)s year", "%(count)s years", count),
        "month": ngettext("%(count)s month", "%(count)s months", count),
        "day": ngettext("%(count)s day", "%(count)s days", count),
    }[what]
    return said % {"count": count}
