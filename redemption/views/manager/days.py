"""Which day a page of the console speaks of, and what every page of it shows."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import HttpRequest

from redemption.models import Code, Store
from redemption.shift import Day
from redemption.till_access import TillRequest


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


def last_day(code: Code) -> date:
    """On which the code can be used, on its brand's calendar; it ends at the midnight after it."""
    return (code.expires_at - timedelta(microseconds=1)).astimezone(code.brand.tz).date()


def place(request: TillRequest, section: str, **more: Any) -> dict[str, Any]:
    """What the frame around each page needs."""
    return {
        "store": request.device.store,
        "brand": request.device.brand,
        "staff": request.staff,
        "section": section,
        **more,
    }
