"""Last week's letters, in the demo: to each owner and to whoever runs a store. The worker finds them in the
outbox, and sends those that have something to say."""

from datetime import datetime, timedelta

from brands.models import Brand
from campaigns.letter import look, readers


def play(brand: Brand, now: datetime) -> None:
    """Of the week before the last Monday morning. Expects the brand's scope. Repeatable."""
    here = (now - timedelta(hours=look.FROM_HOUR)).astimezone(brand.tz).date()
    monday = here - timedelta(days=here.weekday())
    for store in [None, *readers.stores_with_readers(brand)]:
        look.promise(brand, store, monday, now=now)
