"""The days of a page of figures as moments."""

from datetime import datetime, time, timedelta

from brands.models import Brand
from campaigns.dashboard.period import Period

Moments = tuple[datetime, datetime]
"""The first and the last one, both within."""


def moments_of(brand: Brand, period: Period) -> Moments:
    """On the brand's clock, whatever it was put to in between."""
    start = datetime.combine(period.first, time.min, tzinfo=brand.tz)
    end = datetime.combine(period.last + timedelta(days=1), time.min, tzinfo=brand.tz)
    return start, end - timedelta(microseconds=1)
