"""What the outbox tells, written down as facts, many at a time.

A fact is told of an order, a gift or a code, and inherits what the order was given: by the link that
earned it, or, for a code that a campaign gave away, by that campaign. Whoever hears of an order first
decides about it (attribution.of_orders), be it of one of its gifts: the answer is the same.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Q
from django_scopes import scopes_disabled

from campaigns.facts import record
from campaigns.links import attribution
from campaigns.links.attribution import Earned, Placed
from campaigns.models import Campaign, Fact
from giftshop.orders.models import Gift, Order
from giftshop.outbox.models import Message
from giftshop.outbox.outbox import subscribe_batch
from giftshop.outbox.topics import Topic
from redemption.models import Account, Code, JournalEntry, Posting

NOBODY = Earned(None, None)
SIGNS: dict[str, int] = {JournalEntry.Kind.REDEMPTION: 1, JournalEntry.Kind.REVERSAL: -1}


class Subject(NamedTuple):
    """What a message tells of: an order, one gift of it, or a code that was given away."""

    brand_id: UUID
    earned: Earned
    currency: str = ""
    amount: int = 0
    quantity: int = 1
    order_id: UUID | None = None
    gift_id: UUID | None = None
    code_id: UUID | None = None
    sold_at: datetime | None = None


Subjects = dict[UUID, Subject]
"""By the id that messages tell: an order's, a gift's or a code's."""


Begun = dict[tuple[UUID, int], int]
"""By a redemption, and 1 for that it was made or -1 that it was undone: how many gifts are redeemed by it,
at least in part, that were not before."""


@subscribe_batch(Topic.ORDER_PAID, name="campaigns.order_paid")
@subscribe_batch(Topic.GIFT_SENT, name="campaigns.gift_sent")
@subscribe_batch(Topic.GIFT_OPENED, name="campaigns.gift_opened")
@subscribe_batch(Topic.CODE_REDEEMED, name="campaigns.code_redeemed")
@subscribe_batch(Topic.REDEMPTION_REVERSED, name="campaigns.redemption_reversed")
def record_facts(messages: list[Message]) -> None:
    """Eleven statements at most. Raises LookupError when one tells of what its brand doesn't have."""
    with scopes_disabled():
        subjects = subjects_of(messages)
        begun = _begun(messages)
        record.record([fact_of(message, subjects, begun) for message in messages])


def told_id(message: Message) -> UUID:
    """The id of what it tells of, as in Subjects."""
    match message.topic:
        case Topic.ORDER_PAID:
            return UUID(message.payload["order_id"])
        case Topic.GIFT_SENT | Topic.GIFT_OPENED:
            return UUID(message.payload["gift_id"])
        case _:
            return UUID(message.payload["code_id"])


def subjects_of(messages: Iterable[Message]) -> Subjects:
    """What these messages tell of, as far as it is there."""
    ids: dict[str, set[UUID]] = {topic: set() for topic in Topic}
    for message in messages:
        ids[message.topic].add(told_id(message))
    code_ids = ids[Topic.CODE_REDEEMED] | ids[Topic.REDEMPTION_REVERSED]
    orders = _orders(ids[Topic.ORDER_PAID])
    gifts = _gifts(ids[Topic.GIFT_SENT] | ids[Topic.GIFT_OPENED], code_ids)
    earned = attribution.of_orders(placed for placed, _ in [*orders, *gifts])
    found: Subjects = {}
    for placed, order in orders:
        found[placed.id] = order._replace(earned=earned[placed.id])
    for placed, gift in gifts:
        found |= dict.fromkeys(
            filter(None, (gift.gift_id, gift.code_id)), gift._replace(earned=earned[placed.id])
        )
    return found | _given_away(code_ids - found.keys())


def _begun(messages: Iterable[Message]) -> Begun:
    """Of amounts that are taken in parts, in the order of the ledger: acts on one code take turns, so each
    posting is numbered after those that were committed before it, whatever the clocks of two tills said. One
    statement."""
    at_counters = {Topic.CODE_REDEEMED, Topic.REDEMPTION_REVERSED}
    code_ids = {told_id(message) for message in messages if message.topic in at_counters}
    if not code_ids:
        return {}
    parts = Posting.objects.filter(
        code_id__in=code_ids,
        code__kind=Code.Kind.VALUE,
        account=Account.GIFT_LIABILITY,
        entry__kind__in=SIGNS,
    )
    standing: dict[UUID, int] = defaultdict(int)
    begun: Begun = {}
    acts = parts.order_by("pk").values_list("code_id", "entry__kind", "entry__reference")
    for code, kind, reference in acts:
        sign, before = SIGNS[kind], standing[code]
        standing[code] += sign
        redemption = UUID(reference.removeprefix("redemption:"))
        begun[redemption, sign] = (standing[code] > 0) - (before > 0)
    return begun


def fact_of(message: Message, subjects: Subjects, begun: Begun) -> Fact:
    subject = subjects.get(told_id(message))
    if subject is None or subject.brand_id != message.brand_id:
        raise LookupError(f"{message.topic} tells of what its brand does not have")
    fact = Fact(
        brand_id=message.brand_id,
        message_id=message.pk,
        topic=message.topic,
        subject_id=told_id(message),
        occurred_at=message.occurred_at,
        campaign_id=subject.earned.campaign_id,
        link_id=subject.earned.link_id,
        order_id=subject.order_id,
        gift_id=subject.gift_id,
        code_id=subject.code_id,
        quantity=subject.quantity,
        amount=subject.amount,
        currency=subject.currency,
        sold_at=subject.sold_at,
    )
    if message.topic in {Topic.CODE_REDEEMED, Topic.REDEMPTION_REVERSED}:
        _add_what_the_counter_told(fact, message)
        fact.gifts = begun.get((UUID(message.payload["redemption_id"]), fact.quantity))
    return fact


def _add_what_the_counter_told(fact: Fact, message: Message) -> None:
    told, sign = message.payload, 1 if message.topic == Topic.CODE_REDEEMED else -1
    extra, basket = told.get("extra_amount") or 0, told.get("basket_total")
    over = record.spend_over(amount=told["amount"], extra_amount=extra, basket_total=basket)
    fact.subject_id, fact.store_id = UUID(told["redemption_id"]), UUID(told["store_id"])
    fact.code_id, fact.currency = UUID(told["code_id"]), told["currency"]
    fact.quantity, fact.amount = sign, sign * told["amount"]
    fact.extra_amount, fact.spend_over = sign * extra, sign * over
    fact.basket_total = None if basket is None else sign * basket


def _orders(ids: set[UUID]) -> list[tuple[Placed, Subject]]:
    rows = Order.objects.filter(pk__in=ids).values_list(
        *["pk", "brand_id", "visitor", "came_by", "placed_at", "currency", "total", "paid_at"],
        Count("gifts"),
    )
    return [
        (
            Placed(pk, brand, attribution.visitor_of(visitor, came_by), at),
            Subject(brand, NOBODY, currency, total, count, pk, sold_at=paid_at),
        )
        for pk, brand, visitor, came_by, at, currency, total, paid_at, count in rows
    ]


def _gifts(ids: set[UUID], code_ids: set[UUID]) -> list[tuple[Placed, Subject]]:
    rows = Gift.objects.filter(Q(pk__in=ids) | Q(code_id__in=code_ids)).values_list(
        *["order_id", "brand_id", "order__visitor", "order__came_by", "order__placed_at"],
        "order__currency",
        *["amount", "pk", "code_id", "order__paid_at"],
    )
    return [
        (
            Placed(order, brand, attribution.visitor_of(visitor, came_by), at),
            Subject(brand, NOBODY, currency, amount, 1, order, pk, code, paid_at),
        )
        for order, brand, visitor, came_by, at, currency, amount, pk, code, paid_at in rows
    ]


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
            brand, Earned(campaign, None) if (brand, campaign) in campaigns else NOBODY, code_id=pk
        )
        for pk, brand, campaign in rows
    }
