"""A day of a store: from midnight to midnight on its clock, however long that makes it.

Limits, the shift report and what a manager may still reverse go by it. What is sold out stays so until the
evening is over, also past midnight (giftshop/catalog/hours.py).
"""

from datetime import date, datetime, time, timedelta, tzinfo


def bounds(day: date, zone: tzinfo) -> tuple[datetime, datetime]:
    """Its first moment, and the first of the next."""
    start = datetime.combine(day, time.min, tzinfo=zone)
    return start, datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone)
