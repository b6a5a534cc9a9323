"""When a store is open today, and which day it is there, by its own clock."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

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
    local = now.astimezone(store.tz)
    span, at = _span(store, local.date()), local.time()
    is_open = bool(span and span[0] <= at and (at < span[1] or span[1] <= span[0]))
    is_open = is_open or _evening_goes_on(store, local)
    opens, closes = span or (None, None)
    return Today(opens, closes, is_open, is_known=len(store.hours) == 7)


def day_at(store: Store, now: datetime) -> date:
    """The day that the people behind the counter call today: it lasts until the evening's last hour,
    also past midnight (18:00-02:00)."""
    local = now.astimezone(store.tz)
    return local.date() - A_DAY if _evening_goes_on(store, local) else local.date()


def _evening_goes_on(store: Store, local: datetime) -> bool:
    """Whether yesterday's hours went past midnight and are not over yet."""
    late = _span(store, local.date() - A_DAY)
    return bool(late and late[1] <= late[0] and local.time() < late[1])


def _span(store: Store, day: date) -> tuple[time, time] | None:
    return opening_hours.read(store.hours_on(day))
