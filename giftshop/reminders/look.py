"""Finding the gifts of which something is to be said, and promising it.

Each gift carries the moment at which to look at it next, so the due ones are found by an index, however many
others there are. What is promised is an outbox row; whether it still holds is asked when it is sent.
"""

import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django_scopes import scopes_disabled

from giftshop.delivery.models import Delivery
from giftshop.orders.models import Gift
from giftshop.outbox.outbox import emit_many
from giftshop.outbox.topics import Topic
from giftshop.reminders.quiet_hours import after_quiet_hours, clock_of
from giftshop.reminders.schedule import UNOPENED_AFTER, Kind, is_wanted, moments
from redemption.models import Code

Told = tuple[dict[str, str], datetime | None]
"""What a message says, and from when it is due."""
AT_ONCE = 500
TURN = timedelta(seconds=45)
LATER = timedelta(days=1)
"""Until a gift is looked at again that is on hold, or of which one thing was said and another is due."""


def run(*, now: datetime, most: timedelta = TURN) -> int:
    """How many gifts were looked at, of all brands, for at most so long. Two at once take different ones."""
    end, seen = time.monotonic() + most.total_seconds(), 0
    with scopes_disabled():
        while time.monotonic() < end:
            looked = _look_at_some(now)
            seen += looked
            if looked < AT_ONCE:
                break
    return seen


def _look_at_some(now: datetime) -> int:
    """One transaction. 5 statements, and one for each brand of which something is promised, and where money
    goes back."""
    with transaction.atomic():
        due = Gift.objects.filter(remind_at__lte=now).order_by("remind_at")
        held = due.select_for_update(of=("self",), no_key=True, skip_locked=True)
        ids = list(held.values_list("pk", flat=True)[:AT_ONCE])
        gifts = list(Gift.objects.with_everything().filter(pk__in=ids).order_by("pk"))
        told = _told(gifts)
        promised: dict[UUID, list[Told]] = defaultdict(list)
        over: dict[UUID, list[Told]] = defaultdict(list)
        for gift in gifts:
            if gift.returns_at and gift.returns_at <= now:
                gift.remind_at = None
                over[gift.brand_id].append(({"gift_id": str(gift.pk)}, None))
                continue
            kind, gift.remind_at = _look(gift, told[gift.pk], now)
            gift.remind_at = min(filter(None, (gift.remind_at, gift.returns_at)), default=None)
            if kind:
                payload = {"gift_id": str(gift.pk), "kind": kind.value}
                promised[gift.brand_id].append((payload, after_quiet_hours(now, clock_of(gift))))
        for brand_id, rows in promised.items():
            emit_many(topic=Topic.REMINDER_DUE, brand_id=brand_id, told=rows, now=now)
        for brand_id, rows in over.items():
            emit_many(topic=Topic.GIFT_UNOPENED, brand_id=brand_id, told=rows, now=now)
        Gift.objects.bulk_update(gifts, ["remind_at"])
    return len(ids)


def _told(gifts: Sequence[Gift]) -> dict[UUID, set[str]]:
    """What was said of each already. One query."""
    subjects = {f"gift:{gift.pk}": gift.pk for gift in gifts}
    rows = Delivery.objects.filter(subject__in=subjects, purpose__in=[*Kind])
    found: dict[UUID, set[str]] = defaultdict(set)
    for subject, purpose in rows.values_list("subject", "purpose"):
        found[subjects[subject]].add(purpose)
    return found


def _look(gift: Gift, told: set[str], now: datetime) -> tuple[Kind | None, datetime | None]:
    """What to say now, if anything, and when to look again; None: never."""
    code = gift.code
    if code is None or code.state in {Code.State.REDEEMED, Code.State.VOIDED}:
        return None, None
    if code.state == Code.State.EXPIRED or code.expires_at <= now:
        return None, None
    if code.state == Code.State.ON_HOLD:
        return None, now + LATER
    if gift.deliver_at and gift.deliver_at > now:  # it was put off
        return None, gift.deliver_at + UNOPENED_AFTER
    left = [(kind, at) for kind, at in moments(gift, gift.order.brand) if kind not in told]
    due = [kind for kind, at in left if at <= now and is_wanted(gift, kind, now)]
    say = max(due, key=list(Kind).index, default=None)
    later = [at for kind, at in left if at > now and kind is not say]
    if say is Kind.ASK_SENDER and len(due) > 1:
        later.append(now + LATER)  # the reminder that is due beside the question
    return say, min(later, default=None)
