"""Of Stripe's events that are worked off, only ids and types stay after some weeks.

What is kept of an event names no payer, but it does say what somebody paid and when. By then nobody looks
into it any more: Stripe itself lists its events for 30 days.
"""

import time
from datetime import datetime, timedelta

from giftshop.payments.models import StripeEvent

WHOLE_FOR = timedelta(days=42)
AT_ONCE = 500
TURN = timedelta(seconds=20)


def cut(*, now: datetime, most: timedelta = TURN) -> int:
    """How many were cut, for at most so long; along an index, the oldest first."""
    end, done = time.monotonic() + most.total_seconds(), 0
    old = StripeEvent.objects.whole().filter(processed_at__lt=now - WHOLE_FOR)
    while time.monotonic() < end:
        ids = list(old.order_by("processed_at").values_list("pk", flat=True)[:AT_ONCE])
        done += StripeEvent.objects.filter(pk__in=ids).update(payload="", error="")
        if len(ids) < AT_ONCE:
            break
    return done
