"""Which day a page of the console speaks of, and that day drawn hour by hour."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.http import HttpRequest

from brands.models import Store
from redemption.till.shift_report import Day


@dataclass(frozen=True)
class Days:
    """The day shown and its neighbours, on the store's calendar; there is none after today."""

    shown: date
    today: date

    @property
    def before(self) -> date:
        return self.shown - timedelta(days=1)

    @property
    def after(self) -> date | None:
        return self.shown + timedelta(days=1) if self.shown < self.today else None

    @property
    def is_today(self) -> bool:
        return self.shown == self.today


@dataclass(frozen=True)
class Column:
    """One hour of the drawing; `height` in percent of the busiest one's."""

    at: time
    count: int
    height: int

    @property
    def top(self) -> int:
        return 100 - self.height


def columns(day: Day) -> list[Column]:
    most = max((tally.count for _hour, tally in day.by_hour), default=0)
    return [
        Column(time(hour), tally.count, round(100 * tally.count / most) if most else 0)
        for hour, tally in day.by_hour
    ]


def asked_for(request: HttpRequest, store: Store, now: datetime) -> Days:
    """?day=2026-05-03, or of a form; what can't be read, or has not come yet, is today."""
    today = now.astimezone(store.tz).date()
    text = request.POST.get("day") or request.GET.get("day") or ""
    try:
        wanted = date.fromisoformat(text)
    except ValueError:
        return Days(today, today)
    return Days(min(max(wanted, date(2000, 1, 1)), today), today)
