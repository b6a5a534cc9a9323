"""What a period's figures are held against: as many days just before, or as much of them as is over.

A day that goes on is no day less: held against a whole one it would always seem bad. A brand's figures are
known by the hour, so today is compared up to its last full hour with the same hours of the day before; a
campaign's are known by the day, so today is left out.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.dashboard.figures import Figures, total
from campaigns.dashboard.number_formats import number
from campaigns.dashboard.period import Period
from campaigns.dashboard.queries import Moment


@dataclass(frozen=True)
class Comparison:
    """`span` names what `before` is of: the 28 days before."""

    now: Figures
    before: Figures
    span: str


def comparison(
    *, period: Period, known: dict[date, Figures], hours: list[Moment], now: datetime
) -> Comparison | None:
    """`known` holds the days of the period and of the one before it, `hours` those of today and of the day
    it is held against, if hours are known. `now` is on the brand's clock. None: nothing of it is over."""
    earlier = period.before
    if period.last < now.date():
        return Comparison(_sum(known, period), _sum(known, earlier), _days(period.days))
    over, over_before = period.days - 1, _sum(known, earlier) - known[earlier.last]
    so_far = _sum(known, period) - known[period.last]
    if hours and now.hour:
        return Comparison(
            so_far + _until(hours, period.last, now.hour),
            over_before + _until(hours, earlier.last, now.hour),
            _days_and_hours(period.days),
        )
    if over:
        return Comparison(so_far, over_before, _days_without_today(over))
    return None


def _sum(known: dict[date, Figures], period: Period) -> Figures:
    return total([known[day] for day in period.each_day()])


def _until(hours: list[Moment], day: date, hour: int) -> Figures:
    return total([at.figures for at in hours if at.day == day and (at.hour or 0) < hour])


def _days(count: int) -> str:
    words = ngettext("the day before", "the %(count)s days before", count)
    return words % {"count": number(count)}


def _days_and_hours(count: int) -> str:
    words = ngettext(
        "the day before up to the same hour",
        "the %(count)s days before, up to the same hour",
        count,
    )
    return words % {"count": number(count)}


def _days_without_today(count: int) -> str:
    return _("%(days)s, without today") % {"days": _days(count)}
