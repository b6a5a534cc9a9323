"""A refund that Stripe will not send, now or at all. Not at all: its gifts are good again, and somebody has
to know."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django_scopes import scope, scopes_disabled

from giftshop.orders.models import Order
from giftshop.outbox.outbox import emit
from giftshop.outbox.topics import Topic
from giftshop.refunds.ask import let_go
from giftshop.refunds.models import Refund


def note_short(asked: Refund) -> None:
    """Our balance did not reach for this try."""
    with scopes_disabled():
        tried = Refund.objects.filter(pk=asked.pk, times_short=asked.times_short)
        tried.update(times_short=asked.times_short + 1)


def note_refused(*, refund_id: UUID, failure: str, now: datetime) -> None:
    """`failure`: Stripe's word. A refund that Stripe told of meanwhile stays as it is."""
    with scopes_disabled():
        found = Refund.objects.select_related("payment", "brand").get(pk=refund_id)
    with scope(brand=found.brand), transaction.atomic():
        Order.objects.locked().get(pk=found.payment.order_id)
        found = Refund.objects.select_related("payment", "brand").get(pk=refund_id)
        if found.state != Refund.State.ASKED or found.refund_id:
            return
        found.state, found.over_at, found.failure = Refund.State.FAILED, now, failure[:60]
        found.save()
        let_go(found, now)
        emit(
            topic=Topic.REFUND_MOVED,
            brand_id=found.brand_id,
            payload={"refund_id": str(found.pk), "state": found.state},
            now=now,
        )
