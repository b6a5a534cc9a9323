"""The days a page of figures speaks of, in the brand's time zone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import Enum
from urllib.parse import urlencode

CHOICES = (7, 28, 56)
USUAL = 28
OWN = "own"
TODAY, WEEK, MONTH, SINCE = "today", "week", "month", "since"
NAMED = (TODAY, WEEK, MONTH, SINCE)
"""Up to today: today alone, from Monday on, from the first of the month on, and from the first day of all."""
DAYS_MAX = 400
DAYS_DRAWN_MAX = 62
EARLIEST = date(2000, 1, 1)


class Step(Enum):
    """How finely a period is drawn."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Fault(Enum):
    """Why two days make no period."""

    TOO_EARLY = "nobody counted gifts then"
    TO_COME = "the first day is still to come"
    BEFORE_THE_FIRST = "the last day is before the first"
    TOO_MANY = "more days than are shown at once"


class UnreadablePeriod(ValueError):
    """The dates given make no period; the page says so and shows the usual one."""


@dataclass(frozen=True)
class Period:
    first: date
    last: date
    asked: str = field(default="", compare=False)
    """By which word of an address, that means other days tomorrow; empty: by the days themselves."""

    @classmethod
    def ending(cls, last: date, *, days: int) -> "Period":
        return cls(last - timedelta(days=days - 1), last)

    @classmethod
    def week_of(cls, day: date) -> "Period":
        """Monday to Sunday, as ISO 8601 counts weeks."""
        return cls.ending(day + timedelta(days=6 - day.weekday()), days=7)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def before(self) -> "Period":
        """As many days, just before."""
        return Period.ending(self.first - timedelta(days=1), days=self.days)

    @property
    def step(self) -> Step:
        if self.days == 1:
            return Step.HOUR
        if self.days <= DAYS_DRAWN_MAX:
            return Step.DAY
        return Step.WEEK if self.days <= DAYS_MAX else Step.MONTH

    def each_day(self) -> list[date]:
        return [self.first + timedelta(days=number) for number in range(self.days)]

    def choice_on(self, today: date) -> int | None:
        """7, 28 or 56 when it is one of these up to today, None when it was picked by hand."""
        return self.days if self.last == today and self.days in CHOICES else None

    def until(self, day: date) -> "Period":
        """The same without days after this one."""
        return replace(self, last=min(self.last, day))

    def holds(self, other: "Period") -> bool:
        return self.first <= other.first and other.last <= self.last

    def query(self, today: date, *, own: "Period | None" = None) -> str:
        """What an address needs to speak of the same days."""
        if self == own and self.asked in ("", OWN):
            return urlencode({"days": OWN})
        choice = self.asked or self.choice_on(today)
        if choice:
            return urlencode({"days": choice})
        return urlencode({"from": self.first.isoformat(), "to": self.last.isoformat()})


def own_days(
    starts_on: date, ends_on: date | None, archived_on: date | None, *, today: date
) -> Period | None:
    """On which a campaign ran, up to today; None while it has not begun."""
    last = min(day for day in (ends_on, archived_on, today) if day is not None)
    return Period(starts_on, last) if starts_on <= last else None


def nothing_yet() -> date | None:
    """Of whom nobody knows when they began."""
    return None


def read(
    query: Mapping[str, str],
    *,
    today: date,
    own: Period | None = None,
    since: Callable[[], date | None] = nothing_yet,
) -> Period:
    """?days=7|28|56|today|week|month|since, or ?from=…&to=… as ISO dates, up to today. Nothing means a
    campaign's `own` days (?days=own), and else the usual 28. `since` is asked for the first day of all only
    where the address wants that. Raises UnreadablePeriod."""
    if "from" in query or "to" in query:
        return _picked(query.get("from", ""), query.get("to", ""), today=today)
    days = query.get("days", OWN if own else str(USUAL))
    if days == OWN and own is not None:
        return replace(own, asked=OWN)
    if days in NAMED:
        return named(days, today=today, since=since() if days == SINCE else None)
    if days not in {str(choice) for choice in CHOICES}:
        raise UnreadablePeriod(days)
    return replace(Period.ending(today, days=int(days)), asked=days)


def named(word: str, *, today: date, since: date | None = None) -> Period:
    """One of NAMED. Of what never began, and of what is still to begin, it is today."""
    firsts = {
        TODAY: today,
        WEEK: today - timedelta(days=today.weekday()),
        MONTH: today.replace(day=1),
        SINCE: min(since or today, today),
    }
    return Period(firsts[word], today, asked=word)


def faults_of(first: date | None, last: date | None, *, today: date) -> dict[str, Fault]:
    """By the name of the day, "from" or "to", what is wrong with it; None is a day that nobody could read."""
    found: dict[str, Fault] = {}
    if first and first < EARLIEST:
        found["from"] = Fault.TOO_EARLY
    elif first and first > today:
        found["from"] = Fault.TO_COME
    elif first and last and last < first:
        found["to"] = Fault.BEFORE_THE_FIRST
    elif first and last and Period(first, last).days > DAYS_MAX:
        found["to"] = Fault.TOO_MANY
    return found


def _picked(first_text: str, last_text: str, *, today: date) -> Period:
    try:
        period = Period(date.fromisoformat(first_text), date.fromisoformat(last_text))
    except ValueError as error:
        raise UnreadablePeriod(str(error)) from error
    if faults := faults_of(period.first, period.last, today=today):
        raise UnreadablePeriod("; ".join(fault.value for fault in faults.values()))
    return period.until(today)
