"""Open or not, by the store's own clock."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from brands.models import Store
from giftshop.catalog.hours import day_at, today

WEEK = ["08:00-18:00"] * 5 + ["", "18:00-02:00"]  # Saturday closed, Sunday late


def at_store(hours: list[str]) -> Store:
    return Store(time_zone="America/Los_Angeles", hours=hours)


@pytest.mark.parametrize(
    ("utc", "is_open"),
    [
        (datetime(2026, 3, 2, 16, tzinfo=UTC), True),  # Monday 8:00
        (datetime(2026, 3, 2, 15, 59, tzinfo=UTC), False),
        (datetime(2026, 3, 3, 2, 0, tzinfo=UTC), False),  # Monday 18:00
        (datetime(2026, 2, 28, 20, tzinfo=UTC), False),  # Saturday noon
        (datetime(2026, 3, 2, 7, tzinfo=UTC), True),  # Sunday 23:00
        (datetime(2026, 3, 2, 9, 30, tzinfo=UTC), True),  # Monday 1:30, still Sunday's evening
        (datetime(2026, 3, 2, 10, tzinfo=UTC), False),  # Monday 2:00
    ],
)
def test_the_stores_clock_decides(utc: datetime, is_open: bool) -> None:
    assert today(at_store(WEEK), utc).is_open is is_open


@pytest.mark.parametrize("hours", [[], ["always"] * 7, ["8-6"] * 7])
def test_hours_nobody_can_read_are_no_hours(hours: list[str]) -> None:
    day = today(at_store(hours), datetime(2026, 3, 2, 20, tzinfo=UTC))
    assert not day.is_open
    assert day.opens is None


@pytest.mark.parametrize(
    ("utc", "day"),
    [
        (datetime(2026, 3, 2, 7, tzinfo=UTC), date(2026, 3, 1)),  # Sunday 23:00
        (datetime(2026, 3, 2, 9, 30, tzinfo=UTC), date(2026, 3, 1)),  # Monday 1:30, still Sunday's
        (datetime(2026, 3, 2, 10, tzinfo=UTC), date(2026, 3, 2)),  # Monday 2:00
        (datetime(2026, 3, 3, 8, 30, tzinfo=UTC), date(2026, 3, 3)),  # Tuesday 0:30
    ],
)
def test_the_stores_day_lasts_until_its_evening_ends(utc: datetime, day: date) -> None:
    assert day_at(at_store(WEEK), utc) == day


ZONES = [
    *("America/Los_Angeles", "America/Havana", "America/Santiago", "America/Asuncion", "UTC"),
    *("Europe/Berlin", "Europe/London", "Atlantic/Azores", "Africa/Casablanca", "Asia/Beirut"),
    *("Australia/Lord_Howe", "Pacific/Auckland", "America/St_Johns", "America/Nuuk"),
]
"""Clocks go forth and back there at midnight, at one, two or three, by an hour or a half."""
LATE = [
    "18:00-01:30",
    "20:00-02:30",
    "18:00-00:00",
    "22:00-00:30",
    "09:00-09:00",
    "01:15-01:45",
    "",
]
STEP = timedelta(minutes=5)


def nights(zone: str) -> list[datetime]:
    """The noon before each night of 2026 in which clocks change."""
    first = datetime(2026, 1, 1, 12, tzinfo=ZoneInfo(zone))
    noons = [first + timedelta(days) for days in range(365)]  # by the clock
    changes = [one.utcoffset() != other.utcoffset() for one, other in pairwise(noons)]
    return [noon for noon, changed in zip(noons, changes, strict=False) if changed]


@pytest.mark.parametrize("hours", LATE)
@pytest.mark.parametrize("zone", ZONES)
def test_in_the_night_in_which_clocks_change_an_evening_ends_once(zone: str, hours: str) -> None:
    """And no day comes again, so that what was gone until closing is back for good."""
    store = Store(time_zone=zone, hours=[hours] * 7)
    for noon in nights(zone):
        moments = [noon.astimezone(UTC) + STEP * number for number in range(24 * 12)]
        days = [day_at(store, at) for at in moments]
        assert days == sorted(days), noon
        states = [today(store, at).is_open for at in moments]
        opened = sum(now and not before for before, now in pairwise(states))
        assert opened == (hours not in {"", "09:00-09:00"}), noon
        assert all(states) == (hours == "09:00-09:00"), noon


def test_there_are_such_nights() -> None:
    none = {"UTC", "America/Asuncion"}
    assert {zone: len(nights(zone)) for zone in ZONES} == {
        zone: 0 if zone in none else 2 for zone in ZONES
    }
