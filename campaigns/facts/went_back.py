"""Money that went back to a sender, as facts that take away: refunds that arrived, and lost disputes.

A dispute that was prevented by giving the payer the money is lost, too: Stripe debits it as a dispute and
makes no refund. One that was blocked moved nothing.

What is told of a refund or a dispute only says that it moved; what it is by now says its row. A refund that
came back from the bank gives again what it took. Money of a payment that fitted no order was never counted,
and so it is not taken away.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid5

from django.db.models import Q

from campaigns.links import attribution
from campaigns.models import Fact
from giftshop.orders.models import Order
from giftshop.outbox.models import Message
from giftshop.payments.models import Payment
from giftshop.refunds.models import Dispute, Refund

BACK_AGAIN = (Refund.State.RETURNED, Refund.State.FAILED)
LOST = Q(status=Dispute.Status.LOST) | Q(
    status=Dispute.Status.PREVENTED, withdrawn_at__isnull=False
)
COLUMNS = ("pk", "brand_id", "amount", "currency", "payment__order_id")


def facts_of(messages: Sequence[Message]) -> list[Fact]:
    """Seven statements at most. The same fact is made however often something moved."""
    moved = [message.payload for message in messages]
    refunds = {UUID(told["refund_id"]) for told in moved if "refund_id" in told}
    disputes = {UUID(told["dispute_id"]) for told in moved if "dispute_id" in told}
    paid = {"payment__state": Payment.State.PAID}
    facts = [
        _fact(Fact.Topic.REFUND_ARRIVED, at, -1, row)
        for at, *row in Refund.objects.filter(
            pk__in=refunds, succeeded_at__isnull=False, **paid
        ).values_list("succeeded_at", *COLUMNS)
    ]
    arrived = {fact.subject_id: fact for fact in facts}
    for message in messages:
        told = message.payload
        known = arrived.get(UUID(told["refund_id"])) if "refund_id" in told else None
        if known and told["state"] in BACK_AGAIN:
            row = [known.subject_id, known.brand_id, -known.amount, known.currency, known.order_id]
            facts.append(_fact(Fact.Topic.REFUND_RETURNED, message.occurred_at, 1, row))
    facts += [
        _fact(Fact.Topic.DISPUTE_LOST, at, -1, row)
        for at, *row in Dispute.objects.filter(
            LOST, pk__in=disputes, over_at__isnull=False, **paid
        ).values_list("over_at", *COLUMNS)
    ]
    return _earned(facts)


def _fact(topic: str, at: Any, sign: int, row: list[Any]) -> Fact:
    subject, brand, amount, currency, order = row
    return Fact(
        topic=topic,
        message_id=uuid5(subject, topic),
        subject_id=subject,
        brand_id=brand,
        occurred_at=at,
        quantity=0,
        amount=sign * amount,
        currency=currency,
        order_id=order,
    )


def _earned(facts: list[Fact]) -> list[Fact]:
    """By whom their orders were, and when these were paid."""
    asked = Order.objects.filter(pk__in={fact.order_id for fact in facts})
    rows = asked.values_list("paid_at", *attribution.ORDER_COLUMNS)
    orders = {row[0]: (attribution.placed(*row), paid_at) for paid_at, *row in rows}
    earned = attribution.of_orders(placed for placed, _paid_at in orders.values())
    for fact in facts:
        assert fact.order_id is not None  # nosec B101  # of a payment, which has one
        fact.campaign_id, fact.link_id = earned[fact.order_id]
        fact.sold_at = orders[fact.order_id][1]
    return facts
