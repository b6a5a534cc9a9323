"""A time on a wall becomes one moment; clock changes are explained, never guessed over."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from giftshop.giving.schedule import ScheduleRefused, comes_twice, moment

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SEATTLE, BERLIN, KATHMANDU = (
    ZoneInfo("America/Los_Angeles"),
    ZoneInfo("Europe/Berlin"),
    ZoneInfo("Asia/Kathmandu"),
)


@pytest.mark.parametrize(
    ("day", "at", "zone", "utc"),
    [
        (date(2026, 3, 7), time(9), SEATTLE, datetime(2026, 3, 7, 17, tzinfo=UTC)),
        (date(2026, 3, 8), time(9), SEATTLE, datetime(2026, 3, 8, 16, tzinfo=UTC)),
        (date(2026, 7, 1), time(9), BERLIN, datetime(2026, 7, 1, 7, tzinfo=UTC)),
        (date(2026, 7, 1), time(9), KATHMANDU, datetime(2026, 7, 1, 3, 15, tzinfo=UTC)),
        (date(2026, 11, 1), time(1, 30), SEATTLE, datetime(2026, 11, 1, 8, 30, tzinfo=UTC)),
    ],
)
def test_the_recipients_wall_clock_decides(
    day: date, at: time, zone: ZoneInfo, utc: datetime
) -> None:
    assert moment(day=day, at=at, zone=zone, now=NOW) == utc


def test_a_time_that_clocks_skip_is_refused_with_the_next_one() -> None:
    with pytest.raises(
        ScheduleRefused, match=r"2:30 a\.m\. does not come\. Try 3:30 a\.m\."
    ) as refused:
        moment(day=date(2026, 3, 8), at=time(2, 30), zone=SEATTLE, now=NOW)
    assert refused.value.field == "time"


def test_a_time_that_comes_twice_is_taken_first_and_known() -> None:
    first = moment(day=date(2026, 11, 1), at=time(1, 30), zone=SEATTLE, now=NOW)
    assert comes_twice(first, SEATTLE)
    assert not comes_twice(NOW, SEATTLE)


@pytest.mark.parametrize(
    ("day", "at", "field"),
    [
        (date(2026, 3, 1), time(3), "time"),
        (date(2026, 2, 28), time(9), "date"),
        (date(2027, 3, 9), time(9), "date"),
    ],
)
def test_the_past_and_the_far_future_are_refused(day: date, at: time, field: str) -> None:
    with pytest.raises(ScheduleRefused) as refused:
        moment(day=day, at=at, zone=SEATTLE, now=NOW)
    assert refused.value.field == field


def test_a_year_ahead_is_fine() -> None:
    assert moment(day=date(2027, 3, 1), at=time(9), zone=SEATTLE, now=NOW)


@pytest.mark.parametrize("day", [date(1, 1, 1), date(9999, 12, 31)])
def test_the_ends_of_time_are_refused_like_any_day(day: date) -> None:
    with pytest.raises(ScheduleRefused):
        moment(day=day, at=time(9), zone=BERLIN, now=NOW)
