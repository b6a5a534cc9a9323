"""What figures are held against: days that are over, and as much of today as is."""

from datetime import date, datetime, timedelta

import pytest

from campaigns.dashboard.comparison import Comparison, comparison
from campaigns.dashboard.figures import Figures
from campaigns.dashboard.period import Period
from campaigns.dashboard.queries import Moment

TODAY = date(2026, 5, 14)
DAY = timedelta(days=1)
HALF_PAST_EIGHT = datetime(2026, 5, 14, 8, 30)  # noqa: DTZ001 - on the brand's clock


def sold(count: int) -> Figures:
    return Figures(gifts_sold=count)


def hours(day: date) -> list[Moment]:
    """One gift in each hour, and nothing in hours to come."""
    return [Moment(day, hour, sold(day < TODAY or hour <= 8)) for hour in range(24)]


def compare(period: Period, now: datetime, *, by_the_hour: bool = True) -> Comparison | None:
    both = Period(period.before.first, period.last)
    known = {day: sold(24 if day < TODAY else 9) for day in both.each_day()}
    known_hours = [*hours(period.last), *hours(period.before.last)] if by_the_hour else []
    return comparison(period=period, known=known, hours=known_hours, now=now)


@pytest.mark.parametrize(
    ("days", "both", "span"),
    [
        (1, 8, "the day before up to the same hour"),
        (7, 6 * 24 + 8, "the 7 days before, up to the same hour"),
    ],
)
def test_today_is_held_against_the_same_hours(days: int, both: int, span: str) -> None:
    found = compare(Period.ending(TODAY, days=days), HALF_PAST_EIGHT)
    assert found == Comparison(sold(both), sold(both), span)


def test_without_hours_today_is_left_out() -> None:
    found = compare(Period.ending(TODAY, days=7), HALF_PAST_EIGHT, by_the_hour=False)
    assert found == Comparison(sold(144), sold(144), "the 6 days before, without today")


def test_nothing_that_is_over_is_not_compared() -> None:
    today = Period.ending(TODAY, days=1)
    assert compare(today, HALF_PAST_EIGHT, by_the_hour=False) is None
    assert compare(today, HALF_PAST_EIGHT.replace(hour=0)) is None


def test_days_that_are_over_are_held_against_whole_ones() -> None:
    found = compare(Period.ending(TODAY - DAY, days=7), HALF_PAST_EIGHT)
    assert found == Comparison(sold(168), sold(168), "the 7 days before")
