"""Forgetting people some time after their gift had its use, without anybody asking.

A brand keeps names, words and addresses for `Brand.people_kept_days` after a gift was used up, cancelled or
past its last day. What tells of such an end is read in the order of time along an index (redemptions, last
days, the audit log), and each brand remembers how far it got; no index has to follow the state of codes. The
order of each is looked at after that: its sender is forgotten once the last of its gifts has ended
(erase_senders.py). The books, and what somebody said of a treat, stay.
"""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from django.db.models import Q
from django_scopes import scope

from brands.models import Brand
from giftshop.orders.models import Gift
from giftshop.privacy import erase_handed_out, erase_senders
from giftshop.privacy.erase import AT_ONCE, erase_recipients
from redemption.audit.log import Act
from redemption.models import AuditEntry, Code, Redemption

TURN = timedelta(seconds=60)
STEP = timedelta(days=7)
"""So much time a brand's mark moves at once: what was cut off is looked at once more from there."""


ENDS = {Act.CODE_VOIDED, Act.CODE_RELEASED}
"""After a hold its days may be over already."""


def run(*, now: datetime, most: timedelta = TURN) -> int:
    """How many recipients and senders were forgotten, of all brands, for at most so long. A run that is
    cut off is taken up by the next; two at once do no harm."""
    end, forgotten = time.monotonic() + most.total_seconds(), 0
    for brand in Brand.objects.order_by("people_cleared_until"):
        for ids in _due(brand, now):
            if time.monotonic() > end:
                return forgotten
            with scope(brand=brand):
                forgotten += len(erase_recipients(ids, by_wish=False, now=now))
    forgotten += erase_senders.clear(now=now, end=end)
    return forgotten + erase_handed_out.clear(now=now, end=end)


def _due(brand: Brand, now: datetime) -> Iterator[list[UUID]]:
    """Gifts to be cleared, some at a time; the brand's mark follows once they are."""
    until = now - timedelta(days=brand.people_kept_days)
    mark = brand.people_cleared_until or brand.created_at - timedelta(days=1)
    while mark < until:
        step = min(mark + STEP, until)
        entry = brand.people_cleared_entry
        for codes, read in _ended(brand, mark, step):
            yield from _gifts(brand, codes, step)
            with scope(brand=brand):
                erase_senders.note_ended(codes, now)
            entry = read
        mark = step
        Brand.objects.filter(pk=brand.pk).update(
            people_cleared_until=mark, people_cleared_entry=entry
        )
        brand.people_cleared_entry = entry


def _ended(brand: Brand, after: datetime, until: datetime) -> Iterator[tuple[set[UUID], int]]:
    """Codes that may have had their use in that time; and the last audit entry that was read."""
    last = brand.people_cleared_entry
    with scope(brand=brand):
        used = Redemption.objects.filter(
            brand=brand, redeemed_at__gt=after, redeemed_at__lte=until
        ).values_list("code_id", flat=True)
        past = Code.objects.filter(
            brand=brand, expires_at__gt=after, expires_at__lte=until
        ).values_list("pk", flat=True)
        for rows in (used, past):
            ids = rows.iterator(chunk_size=AT_ONCE)
            while some := set(islice(ids, AT_ONCE)):
                yield some, last
        acts = AuditEntry.objects.filter(brand=brand, number__gt=last).order_by("number")
        told = acts.values_list("number", "at", "act", "subject").iterator(chunk_size=500)
        void: set[UUID] = set()
        for number, at, act, subject in told:
            if at > until:
                break
            last = number
            if act in ENDS:
                void.add(UUID(subject.partition(":")[2]))
            if len(void) == AT_ONCE:
                yield void, last
                void = set()
        yield void, last


def _gifts(brand: Brand, codes: set[UUID], until: datetime) -> Iterator[list[UUID]]:
    """Those of which nothing is left to do, and that were not erased."""
    done = Q(code__state__in=[Code.State.REDEEMED, Code.State.VOIDED], code__state_at__lte=until)
    over = done | Q(code__expires_at__lte=until)
    with scope(brand=brand):
        rows = Gift.objects.filter(over, code__in=codes, recipient__erased_at__isnull=True)
        ids = list(rows.values_list("pk", flat=True))
    if ids:
        yield ids
