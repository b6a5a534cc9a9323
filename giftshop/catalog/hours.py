"""When a store is open today, and which day it is there, by its own clock."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from brands.models import Store
from core import opening_hours

A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Today:
    opens: time | None
    closes: time | None
    is_open: bool
    is_known: bool
    """False when the store never told its hours; then nothing else here means anything."""


def today(store: Store, now: datetime) -> Today:
    """Today's hours. A span past midnight (18:00-02:00) still counts for yesterday's evening."""
    day = now.astimezone(store.tz).date()
    span = _span(store, day)
    is_open = _is_within(store, day, now) or _evening_goes_on(store, day, now)
    opens, closes = span or (None, None)
    return Today(opens, closes, is_open, is_known=len(store.hours) == 7)


def day_at(store: Store, now: datetime) -> date:
    """The day that the people behind the counter call today: it lasts until the evening's last hour,
    also past midnight (18:00-02:00). It never goes back to the day before, not even where clocks do."""
    day = now.astimezone(store.tz).date()
    return day - A_DAY if _evening_goes_on(store, day, now) else day


def _evening_goes_on(store: Store, day: date, now: datetime) -> bool:
    """Whether the hours of the day before went past midnight and are not over yet."""
    late = _span(store, day - A_DAY)
    return bool(late and late[1] <= late[0]) and _is_within(store, day - A_DAY, now)


def _is_within(store: Store, day: date, now: datetime) -> bool:
    """Whether that day's hours have begun and are not over. They are moments: by the clock alone the half
    hour before closing would come twice in the night in which clocks go back. A time that comes twice is
    the first of both; one that clocks skip is as long after the last that they show."""
    span = _span(store, day)
    if span is None:
        return False
    opens, closes = span
    last_day = day + A_DAY if closes <= opens else day
    begins, ends = (
        datetime.combine(on, at, tzinfo=store.tz).astimezone(UTC)
        for on, at in ((day, opens), (last_day, closes))
    )
    return begins <= now < ends


def _span(store: Store, day: date) -> tuple[time, time] | None:
    return opening_hours.read(store.hours_on(day))
