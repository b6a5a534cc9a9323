"""A sender tells that they sent a gift's link themselves. We hear of it no other way before it is opened."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from giftshop.orders.models import Gift, Order
from giftshop.outbox.outbox import emit
from giftshop.outbox.topics import Topic
from redemption.models import Code


def pass_on(*, order: Order, gift_id: UUID, now: datetime) -> bool:
    """Note when it was passed on, the first time, and tell of a gift that nobody else brings. Expects the
    brand's scope. False for one that is opened, not paid, not due, of no use or of another order."""
    waiting = Gift.objects.to_be_opened(now).filter(
        order=order, opened_at=None, passed_on_at=None, code__state=Code.State.ACTIVE
    )
    with transaction.atomic():
        if not waiting.filter(pk=gift_id).update(passed_on_at=now):
            return False
        nobody_else = Q(channel=Gift.Channel.LINK) | Q(undeliverable_at__isnull=False)
        brought = Gift.objects.filter(nobody_else, pk=gift_id, sent_at=None)
        if brought.update(sent_at=now):
            told = {"gift_id": str(gift_id)}
            emit(topic=Topic.GIFT_SENT, brand_id=order.brand_id, payload=told, now=now)
    return True
