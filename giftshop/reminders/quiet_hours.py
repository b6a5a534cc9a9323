"""When people are left alone: from nine in the evening to nine in the morning by their own clock.

For what the product says by itself. The moment of a gift was chosen by its sender, and stays."""

from datetime import datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from giftshop import zones
from giftshop.orders.models import Gift

BEGIN, END = time(21), time(9)


def clock_of(gift: Gift) -> tzinfo:
    """The recipient's, or the brand's where nobody said which that is."""
    name = gift.recipient.time_zone
    return ZoneInfo(name) if zones.is_zone(name) else gift.order.brand.tz


def after_quiet_hours(now: datetime, zone: tzinfo) -> datetime:
    """This moment, or the nine in the morning at which they end."""
    there = now.astimezone(zone)
    if END <= there.time() < BEGIN:
        return now
    day = there.date() + timedelta(days=there.time() >= BEGIN)
    return datetime.combine(day, END, tzinfo=zone).astimezone(now.tzinfo)
