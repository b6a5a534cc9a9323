"""The recipient unwraps the gift. It happens once; doing it again changes nothing."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from core import crypto
from giftshop.orders.models import Gift
from giftshop.outbox.outbox import emit
from giftshop.outbox.topics import Topic


def open_gift(
    *, gift_id: UUID, token: str = "", key: str = "", now: datetime | None = None
) -> bool:
    """Note when the gift was first opened and tell of it. Expects the brand's scope. `token`: of the link
    that it is opened by, which may be good no more by now.

    True for the one that opened it, False for every later one. `key`: of the page whose present was tapped:
    the same page gets the same answer again, since on a phone an answer may be lost on its way.
    """
    now = now or timezone.now()
    with transaction.atomic():
        by_link = Gift.objects.with_token(token) if token else Gift.objects.all()
        opened = by_link.filter(pk=gift_id, opened_at__isnull=True, code__isnull=False).update(
            opened_at=now, opened_by=crypto.token_digest(key) if key else b""
        )
        if not opened:
            same = Gift.objects.filter(pk=gift_id, opened_by=crypto.token_digest(key))
            return bool(key) and same.exists()
        gift = Gift.objects.only("brand_id").get(pk=gift_id)
        # A link that the sender passed on has arrived once it is opened: we hear of it no other way.
        passed_on = Q(channel=Gift.Channel.LINK) | Q(undeliverable_at__isnull=False)
        arrived = Gift.objects.filter(passed_on, pk=gift_id, sent_at__isnull=True).update(
            sent_at=now
        )
        topics = [Topic.GIFT_SENT, Topic.GIFT_OPENED] if arrived else [Topic.GIFT_OPENED]
        for topic in topics:
            emit(topic=topic, brand_id=gift.brand_id, payload={"gift_id": str(gift_id)}, now=now)
    return True
