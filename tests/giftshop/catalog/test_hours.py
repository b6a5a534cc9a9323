"""Open or not, by the store's own clock."""

from datetime import UTC, date, datetime

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
