"""A day and a time on somebody's wall, as one moment for everybody: zones and their clock changes."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import gettext as _

from giftshop.orders.checkout import SCHEDULE_AHEAD_MAX

A_DAY_AROUND = timedelta(days=2)  # no zone is further from UTC than this


class ScheduleRefused(ValueError):
    """The message says in the sender's words why not, and what to do; `field` is what to change."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def moment(*, day: date, at: time, zone: ZoneInfo, now: datetime) -> datetime:
    """The moment in UTC. When clocks are set back and the time comes twice, the first one.

    Raises ScheduleRefused for a time that clocks skip, that has passed, or that is over a year away.
    """
    refuse_far_off(day, now)  # before any arithmetic: the year 9999 has no time zone
    local = datetime.combine(day, at, tzinfo=zone)
    if local.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise ScheduleRefused("time", _skipped(local))
    chosen = local.astimezone(UTC)
    if chosen <= now:
        raise ScheduleRefused(
            "date" if day < now.astimezone(zone).date() else "time",
            _(
                "That has passed already; it is now %(time)s there. Choose a later time, or send it now."
            )
            % {"time": formats.date_format(now.astimezone(zone), "SHORT_DATETIME_FORMAT")},
        )
    if chosen > now + SCHEDULE_AHEAD_MAX:
        raise _far_off(day, now)
    return chosen


def refuse_far_off(day: date, now: datetime) -> None:
    """Raises ScheduleRefused for a day that has passed, or is over a year away, in every zone."""
    if not -A_DAY_AROUND <= day - now.date() <= SCHEDULE_AHEAD_MAX + A_DAY_AROUND:
        raise _far_off(day, now)


def _far_off(day: date, now: datetime) -> ScheduleRefused:
    if day < now.date():
        return ScheduleRefused(
            "date", _("That day has passed already. Choose a later one, or send it now.")
        )
    return ScheduleRefused("date", _("Choose a day within one year from now."))


def comes_twice(moment_: datetime, zone: ZoneInfo) -> bool:
    """Whether the wall clock shows this time a second time that night."""
    local = moment_.astimezone(zone)
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def _skipped(local: datetime) -> str:
    """Clocks jump from 2:00 to 3:00: 2:30 is no time at all."""
    first_real = (local - timedelta(hours=12)).astimezone(UTC)
    last_real = (local + timedelta(hours=12)).astimezone(UTC)
    before = first_real.astimezone(local.tzinfo).utcoffset() or timedelta()
    after = last_real.astimezone(local.tzinfo).utcoffset() or timedelta()
    suggestion = (local.replace(tzinfo=None) + (after - before)).time()
    return _(
        "Clocks there are set forward that night, so %(time)s does not come. Try %(later)s instead."
    ) % {
        "time": formats.time_format(local.time(), "TIME_FORMAT"),
        "later": formats.time_format(suggestion, "TIME_FORMAT"),
    }
