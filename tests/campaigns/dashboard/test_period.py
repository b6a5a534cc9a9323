"""Which days a page speaks of."""

from datetime import date, timedelta

import pytest

from campaigns.dashboard.period import Period, Step, UnreadablePeriod, own_days, read

TODAY = date(2026, 5, 14)


@pytest.mark.parametrize("days", [7, 28, 56])
def test_a_choice_ends_today(days: int) -> None:
    period = read({"days": str(days)}, today=TODAY)
    assert (period.days, period.last) == (days, TODAY)
    assert period.choice_on(TODAY) == days
    assert read({"days": str(days)}, today=TODAY).query(TODAY) == f"days={days}"


def test_nothing_asked_is_28_days() -> None:
    assert read({}, today=TODAY).days == 28


def test_days_picked_by_hand_survive_the_address() -> None:
    period = read({"from": "2026-05-01", "to": "2026-05-03"}, today=TODAY)
    assert period == Period(date(2026, 5, 1), date(2026, 5, 3))
    assert period.choice_on(TODAY) is None
    assert period.query(TODAY) == "from=2026-05-01&to=2026-05-03"


@pytest.mark.parametrize(
    "query",
    [
        {"days": "9"},
        {"days": "many"},
        {"from": "2026-05-03", "to": "2026-05-01"},
        {"from": "2026-05-03"},
        {"from": "yesterday", "to": "2026-05-01"},
        {"from": "1999-01-01", "to": "2026-05-01"},
        {"from": "2026-06-01", "to": "2026-06-02"},
    ],
)
def test_what_makes_no_period_is_refused(query: dict[str, str]) -> None:
    with pytest.raises(UnreadablePeriod):
        read(query, today=TODAY)


def test_before_is_as_long_and_touches() -> None:
    period = Period(date(2026, 5, 1), date(2026, 5, 10))
    assert period.before == Period(date(2026, 4, 21), date(2026, 4, 30))


@pytest.mark.parametrize(
    ("days", "step"),
    [
        *((1, Step.HOUR), (2, Step.DAY), (62, Step.DAY)),
        *((63, Step.WEEK), (400, Step.WEEK), (401, Step.MONTH)),
    ],
)
def test_a_longer_period_is_drawn_more_coarsely(days: int, step: Step) -> None:
    assert Period(TODAY - timedelta(days=days - 1), TODAY).step is step


@pytest.mark.parametrize(
    ("starts", "ends", "archived", "own"),
    [
        (1, None, None, Period(date(2026, 5, 1), TODAY)),
        (1, 9, None, Period(date(2026, 5, 1), date(2026, 5, 9))),
        (1, 30, None, Period(date(2026, 5, 1), TODAY)),
        (1, None, 4, Period(date(2026, 5, 1), date(2026, 5, 4))),
        (20, 30, None, None),
        (9, None, 4, None),
    ],
)
def test_a_campaigns_own_days_end_with_it_and_today(
    starts: int, ends: int | None, archived: int | None, own: Period | None
) -> None:
    days = [None if day is None else date(2026, 5, day) for day in (starts, ends, archived)]
    first, last, put_away = days
    assert first is not None
    assert own_days(first, last, put_away, today=TODAY) == own


def test_a_campaigns_page_opens_on_its_own_days_however_many() -> None:
    own = Period(date(2020, 1, 1), date(2026, 5, 1))
    assert read({}, today=TODAY, own=own) == own
    assert own.query(TODAY, own=own) == "days=own"
    assert read({"days": "own"}, today=TODAY, own=own) == own
    assert read({"days": "7"}, today=TODAY, own=own).days == 7
    with pytest.raises(UnreadablePeriod):
        read({"days": "own"}, today=TODAY)


def test_days_to_come_are_left_out() -> None:
    asked = {"from": "2026-05-01", "to": "2026-06-30"}
    assert read(asked, today=TODAY) == Period(date(2026, 5, 1), TODAY)


@pytest.mark.parametrize(
    ("word", "first"),
    [
        ("today", TODAY),
        ("week", date(2026, 5, 11)),
        ("month", date(2026, 5, 1)),
        ("since", date(2023, 2, 28)),
    ],
)
def test_a_period_that_is_asked_by_its_word_keeps_it(word: str, first: date) -> None:
    period = read({"days": word}, today=TODAY, since=lambda: date(2023, 2, 28))
    assert period == Period(first, TODAY)
    assert period.query(TODAY) == f"days={word}"
    assert period.query(TODAY, own=Period(first, TODAY)) == f"days={word}"


def test_what_never_began_is_of_today_and_nobody_is_asked_in_vain() -> None:
    assert read({"days": "since"}, today=TODAY) == Period(TODAY, TODAY)
    asked = []
    read({"days": "week"}, today=TODAY, since=lambda: asked.append(1))
    assert asked == []


@pytest.mark.parametrize("day", range(11, 18))
def test_a_week_is_from_monday_to_sunday(day: int) -> None:
    assert Period.week_of(date(2026, 5, day)) == Period(date(2026, 5, 11), date(2026, 5, 17))
