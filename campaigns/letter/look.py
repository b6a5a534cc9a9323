"""Whose Monday has come: a letter is promised to each brand, and to each store that somebody runs, once.

The row is the promise, unique for brand or store and Monday, and the outbox row that sends it is of the same
commit: beats that look at once, or again after one was killed, promise nothing twice.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db import transaction
from django_scopes import scope, scopes_disabled

from brands.models import Brand, Store
from campaigns.letter.readers import stores_with_readers
from campaigns.models import Letter
from giftshop.outbox.outbox import emit
from giftshop.outbox.topics import Topic

FROM_HOUR = 7
"""Of Monday, on the clock of the brand or the store."""
MONDAY = 0
CLOCKS = range(-12, 15)
"""Hours from UTC of the world's clocks. The first and the last alone do not tell: for two hours it is Sunday
by the one, Tuesday by the other, and Monday between them."""


def run(*, now: datetime) -> int:
    """How many letters were promised, of all brands. No query while it is Monday nowhere."""
    promised = 0
    if not _is_monday_somewhere(now):
        return promised
    for brand in Brand.objects.filter(opened_at__isnull=False, closed_at=None).order_by("pk"):
        with scope(brand=brand):
            for store, monday in _due(brand, now):
                promised += promise(brand, store, monday, now=now)
    return promised


def _is_monday_somewhere(now: datetime) -> bool:
    return MONDAY in {(now + timedelta(hours=hours)).weekday() for hours in CLOCKS}


def _due(brand: Brand, now: datetime) -> Iterator[tuple[Store | None, date]]:
    if monday := monday_of(now, brand):
        yield None, monday
    today = now.astimezone(brand.tz).date()
    for store in stores_with_readers(brand):
        # Its figures are of the brand's days: where its clock is ahead of the brand's, the week is not over.
        if (monday := monday_of(now, store)) and monday <= today:
            yield store, monday


def monday_of(now: datetime, of: Brand | Store) -> date | None:
    """The day, once it is Monday morning there, and until it is over."""
    there = now.astimezone(of.tz)
    return there.date() if there.weekday() == MONDAY and there.hour >= FROM_HOUR else None


def promise(brand: Brand, store: Store | None, monday: date, *, now: datetime) -> bool:
    """The letter of the week before `monday`, unless it was promised; whether it is new. Expects the brand's
    scope."""
    with transaction.atomic():
        letter, is_new = Letter.objects.get_or_create(
            brand=brand, store=store, monday=monday, defaults={"created_at": now}
        )
        if is_new:
            emit(
                topic=Topic.LETTER_DUE,
                brand_id=brand.pk,
                payload={"letter_id": str(letter.pk)},
                now=now,
            )
    return is_new


def find(letter_id: str) -> Letter | None:
    """Whichever brand's."""
    with scopes_disabled():
        return Letter.objects.select_related("brand", "store").filter(pk=letter_id).first()
