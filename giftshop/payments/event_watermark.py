"""Events that no webhook brought, listed by ourselves from where the last listing ended.

Stripe can say which webhooks failed, but events that were made while no endpoint listened have none. So
all events of our types are listed, by their time; what came by webhook is stored already and costs nothing.
"""

import logging
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby

from giftshop.payments import event_types, inbox
from giftshop.payments.models import StripeWatermark
from giftshop.payments.stripe import events

OVERLAP = timedelta(minutes=10)  # clocks differ, and Stripe's list may be behind
REACH = timedelta(days=29)  # Stripe lists events of the last 30 days
RUN_SECONDS = 45.0

log = logging.getLogger(__name__)


def list_missed(*, now: datetime, seconds: float = RUN_SECONDS) -> int:
    """Store the events since the watermark; how many were new. Raises StripeUnavailable.

    Every page that was stored counts: what a run has no time for, or fails at, the next one goes on with.
    """
    stop, new = time.monotonic() + seconds, 0
    for marks in _listings(now):
        new += _list(marks, now, stop)
    return new


def _listings(now: datetime) -> Iterator[list[StripeWatermark]]:
    """The watermarks that one call can serve: as far as each other, and few enough."""
    types = event_types.handled()
    StripeWatermark.objects.bulk_create(
        [StripeWatermark(type=each, listed_until=now - REACH) for each in types],
        ignore_conflicts=True,
    )

    def place(mark: StripeWatermark) -> tuple[str, str, str]:
        return str(mark.listed_until), str(mark.listing_until), mark.cursor

    marks = sorted(StripeWatermark.objects.filter(type__in=types), key=place)
    for _place, group in groupby(marks, key=place):
        alike = list(group)
        for start in range(0, len(alike), events.TYPES_MAX):
            yield alike[start : start + events.TYPES_MAX]


def _list(marks: list[StripeWatermark], now: datetime, stop: float) -> int:
    mark, new = marks[0], 0
    since = max(mark.listed_until - OVERLAP, now - REACH)
    until = mark.listing_until or now
    while True:
        page = _page(marks, since, until)
        new += inbox.store(events=page.events, now=now)
        if not _move(marks, until, page.last_id) or not page.last_id:
            return new
        if time.monotonic() >= stop:
            log.info("Stripe has more events than one run takes; the next goes on")
            return new


def _page(marks: list[StripeWatermark], since: datetime, until: datetime) -> events.Page:
    types = [mark.type for mark in marks]
    try:
        return events.page(types, since=since, until=until, after=marks[0].cursor)
    except events.CursorGone:  # the listing lay for a month: begin it anew
        return events.page(types, since=since, until=until, after="")


def _move(marks: list[StripeWatermark], until: datetime, cursor: str) -> bool:
    """Write down how far we are, unless somebody else has gone on from the same place meanwhile."""
    before = marks[0]
    unmoved = StripeWatermark.objects.filter(
        pk__in=[mark.pk for mark in marks], listed_until=before.listed_until, cursor=before.cursor
    )
    place = {
        "listed_until": before.listed_until if cursor else until,
        "listing_until": until if cursor else None,
        "cursor": cursor,
    }
    if unmoved.update(**place) < len(marks):
        return False
    for mark in marks:
        mark.cursor = cursor
    return True
