"""Erasing those on lists: names and addresses that a brand's own people handed in to send them something.

By their own wish at once; by age once what the list gave has ended and the brand's days after that are over.
What was given stays good for whoever has its link.
"""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django_scopes import scope

from brands.models import Brand
from giftshop.friends.addresses import addresses_in, mailbox
from giftshop.handouts.models import HandoutLine, ListDraft
from giftshop.handouts.people import Row
from giftshop.handouts.send_one import let_go
from giftshop.privacy.erase import AT_ONCE, erase_in_letters


def erase(address: str, *, now: datetime) -> int:
    """All lines of that address; how many. Lists that wait for a yes go on without it, so that none is sent
    to them a minute later. Expects the brand's scope and no transaction."""
    _erase_in_drafts(mailbox(address))
    lines = HandoutLine.objects.filter(email__iexact=address, email__gt="", erased_at=None)
    return _erase(list(lines.select_related("handout")), now)


def _erase_in_drafts(box: str) -> None:
    with transaction.atomic():
        for draft in ListDraft.objects.select_for_update().order_by("pk"):
            lines = [row for each in draft.lines if (row := _without(each, box))]
            if lines != draft.lines:
                draft.lines = lines
                draft.save(update_fields=["lines"])


def _without(row: Row, box: str) -> Row | None:
    """A row of handouts.people; nothing where it is theirs, or nobody's and names them. Somebody else's of
    the same line loses the words of that line."""
    named = [mailbox(each) for each in addresses_in(row["text"])]
    if mailbox(row["email"]) == box or (box in named and not row["email"]):
        return None
    return {**row, "text": ""} if box in named else row


def clear(*, now: datetime, end: float) -> int:
    """By age, of all brands, until `end` (of time.monotonic); how many."""
    erased = 0
    for brand in Brand.objects.all():
        until = now - timedelta(days=brand.people_kept_days)
        with scope(brand=brand):
            old = HandoutLine.objects.filter(erased_at=None, handout__good_until__lte=until)
            while time.monotonic() < end and (
                lines := list(old.select_related("handout")[:AT_ONCE])
            ):
                erased += _erase(lines, now)
    return erased


def _erase(lines: Sequence[HandoutLine], now: datetime) -> int:
    for offer_id in {line.handout.offer_id for line in lines}:
        waiting = [
            line
            for line in lines
            if line.handout.offer_id == offer_id and line.state == HandoutLine.State.WAITING
        ]
        if waiting:
            let_go(waiting, offer_id, HandoutLine.State.LEFT_OUT)
    with transaction.atomic():
        subjects = [f"handed_out:{line.pk}" for line in lines]
        erase_in_letters(Q(subject__in=subjects), now)
        HandoutLine.objects.filter(pk__in=[line.pk for line in lines]).update(
            name="", email="", erased_at=now
        )
    return len(lines)
