"""What messages of the outbox tell of, by the id that they tell, and by whom each was earned.

A fact is told of an order, a gift, a coupon or a code, and inherits what the order was given: by the link
that earned it, or, for a code that a campaign gave away, by that campaign. Whoever hears of an order first
decides about it (attribution.of_orders), be it of one of its gifts: the answer is the same.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, F, Q

from campaigns.facts import coupons
from campaigns.facts.coupons import Coupon
from campaigns.links import attribution
from campaigns.links.attribution import Earned, Placed
from campaigns.models import Campaign
from giftshop.orders.models import Gift, Order
from giftshop.outbox.models import Message
from giftshop.outbox.topics import Topic
from giftshop.refunds.models import Refund
from redemption.models import Code

NOBODY = Earned(None, None)
OF_CODES = (
    *(Topic.CODE_REDEEMED, Topic.REDEMPTION_REVERSED),
    *(Topic.CODE_VOIDED, Topic.PROMOTION_MOVED),
)


class Subject(NamedTuple):
    """What a message tells of: an order, one gift of it, a coupon, or another code that was given away."""

    brand_id: UUID
    earned: Earned
    currency: str = ""
    amount: int = 0
    quantity: int = 1
    order_id: UUID | None = None
    gift_id: UUID | None = None
    code_id: UUID | None = None
    sold_at: datetime | None = None
    is_promotional: bool = False
    offer_id: UUID | None = None


Subjects = dict[UUID, Subject]
"""By the id that messages tell: an order's, a gift's, a coupon's or a code's."""


def told_id(message: Message) -> UUID:
    """The id of what it tells of, as in Subjects."""
    match message.topic:
        case Topic.ORDER_PAID:
            return UUID(message.payload["order_id"])
        case Topic.GIFT_SENT | Topic.GIFT_OPENED:
            return UUID(message.payload["gift_id"])
        case Topic.OFFER_USED:
            return UUID(message.payload["use_id"])
        case _:
            return UUID(message.payload["code_id"])


def subjects_of(messages: Iterable[Message]) -> Subjects:
    """What these messages tell of, as far as it is there."""
    ids: dict[str, set[UUID]] = {topic: set() for topic in Topic}
    for message in messages:
        ids[message.topic].add(told_id(message))
    code_ids = set().union(*(ids[topic] for topic in OF_CODES))
    orders = _orders(ids[Topic.ORDER_PAID])
    moved = _on_credits(code_ids)
    gift_ids = ids[Topic.GIFT_SENT] | ids[Topic.GIFT_OPENED] | set(moved.values())
    gifts = _gifts(gift_ids, code_ids)
    others = code_ids - {gift.code_id for _, gift in gifts} - moved.keys()
    given = coupons.read(ids[Topic.OFFER_USED], others)
    earned = attribution.of_orders(
        [placed for placed, _ in [*orders, *gifts]] + [each.placed for each in given if each.placed]
    )
    found: Subjects = {}
    for placed, order in orders:
        found[placed.id] = order._replace(earned=earned[placed.id])
    for placed, gift in gifts:
        found |= dict.fromkeys(
            filter(None, (gift.gift_id, gift.code_id)), gift._replace(earned=earned[placed.id])
        )
    found |= {credit: found[gift] for credit, gift in moved.items() if gift in found}
    for coupon in given:
        found |= dict.fromkeys(
            filter(None, (coupon.use_id, coupon.code_id)), _of_coupon(coupon, earned)
        )
    return found | _given_away(code_ids - found.keys())


def _orders(ids: set[UUID]) -> list[tuple[Placed, Subject]]:
    bought = Count("gifts", filter=~Q(gifts__code__origin=Code.Origin.PROMOTIONAL))
    rows = (
        Order.objects.filter(pk__in=ids)
        .annotate(bought=bought)
        .values_list("currency", "total", "paid_at", "bought", *attribution.ORDER_COLUMNS)
    )
    return [
        (
            placed := attribution.placed(*row),
            Subject(placed.brand_id, NOBODY, currency, total, count, placed.id, sold_at=paid_at),
        )
        for currency, total, paid_at, count, *row in rows
    ]


def _gifts(ids: set[UUID], code_ids: set[UUID]) -> list[tuple[Placed, Subject]]:
    gifts = Gift.objects.filter(Q(pk__in=ids) | Q(code_id__in=code_ids))
    rows = gifts.annotate(cost=F("amount") - F("discount")).values_list(
        *["order__currency", "cost", "pk", "code_id", "order__paid_at", "code__origin"],
        *(f"order__{column}" for column in attribution.ORDER_COLUMNS),
    )
    return [
        (
            placed := attribution.placed(*row),
            Subject(
                *(placed.brand_id, NOBODY, currency, amount, 1, placed.id, pk, code, paid_at),
                is_promotional=origin == Code.Origin.PROMOTIONAL,
            ),
        )
        for currency, amount, pk, code, paid_at, origin, *row in rows
    ]


def _of_coupon(coupon: Coupon, earned: dict[UUID, Earned]) -> Subject:
    return Subject(
        *(coupon.brand_id, earned[coupon.placed.id] if coupon.placed else coupon.led_by),
        amount=coupon.cost,
        code_id=coupon.code_id,
        is_promotional=True,
        offer_id=coupon.offer_id,
    )


def _on_credits(code_ids: set[UUID]) -> dict[UUID, UUID]:
    """The gift whose worth a credit carries, by the credit's code."""
    if not code_ids:
        return {}
    rows = Refund.objects.credited().filter(credit__in=code_ids)
    return dict(rows.values_list("credit", "lines__gift"))


def _given_away(code_ids: set[UUID]) -> Subjects:
    """Codes without a gift: what they bring belongs to the campaign that gave them away, if any."""
    rows = list(Code.objects.filter(pk__in=code_ids).values_list("pk", "brand_id", "campaign_id"))
    campaigns = set(
        Campaign.objects.filter(pk__in={campaign for *_, campaign in rows if campaign}).values_list(
            "brand_id", "pk"
        )
    )
    return {
        pk: Subject(
            *(brand, Earned(campaign, None) if (brand, campaign) in campaigns else NOBODY),
            code_id=pk,
            is_promotional=True,
        )
        for pk, brand, campaign in rows
    }
