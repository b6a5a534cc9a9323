"""What the outbox tells, written down as facts, many at a time.

A fact is told of an order, a gift or a code, and inherits what the order was given: by the link that
earned it, or, for a code that a campaign gave away, by that campaign. Whoever hears of an order first
decides about it (attribution.of_orders), be it of one of its gifts: the answer is the same.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, Q
from django_scopes import scopes_disabled

from campaigns.facts import guests, record, went_back
from campaigns.letter import send as _letters  # noqa: F401  # its subscriber, and its purpose
from campaigns.links import attribution
from campaigns.links.attribution import Earned, Placed
from campaigns.models import Campaign, Fact
from giftshop.orders.models import Gift, Order
from giftshop.outbox.models import Message
from giftshop.outbox.outbox import subscribe_batch
from giftshop.outbox.topics import Topic
from giftshop.refunds.models import Refund
from redemption.models import Account, Code, JournalEntry, Posting, Redemption

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
    is_promotional: bool = False


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
@subscribe_batch(Topic.CODE_VOIDED, name="campaigns.code_voided")
def record_facts(messages: list[Message]) -> None:
    """Sixteen statements at most. Raises LookupError when one tells of what its brand doesn't have."""
    with scopes_disabled():
        subjects = subjects_of(messages)
        seen = AtCounters(_begun(messages), _returning(messages), *_voided(messages, subjects))
        facts = [fact_of(message, subjects, seen) for message in messages]
        record.record([fact for fact in facts if fact])


@subscribe_batch(Topic.REFUND_MOVED, name="campaigns.refund_moved")
@subscribe_batch(Topic.DISPUTE_MOVED, name="campaigns.dispute_moved")
def record_money_back(messages: list[Message]) -> None:
    """Nine statements at most."""
    with scopes_disabled():
        record.record(went_back.facts_of(messages))


class AtCounters(NamedTuple):
    """What these messages mean beside what they say."""

    begun: Begun
    returning: dict[UUID, bool | None]
    used: set[UUID]
    """Voided codes of which something was used before."""
    moved: set[UUID]
    """Voided codes whose worth stands on another: a credit. Nothing was taken back."""


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
    code_ids = ids[Topic.CODE_REDEEMED] | ids[Topic.REDEMPTION_REVERSED] | ids[Topic.CODE_VOIDED]
    orders = _orders(ids[Topic.ORDER_PAID])
    moved = _on_credits(code_ids)
    gift_ids = ids[Topic.GIFT_SENT] | ids[Topic.GIFT_OPENED] | set(moved.values())
    gifts = _gifts(gift_ids, code_ids)
    earned = attribution.of_orders(placed for placed, _ in [*orders, *gifts])
    found: Subjects = {}
    for placed, order in orders:
        found[placed.id] = order._replace(earned=earned[placed.id])
    for placed, gift in gifts:
        found |= dict.fromkeys(
            filter(None, (gift.gift_id, gift.code_id)), gift._replace(earned=earned[placed.id])
        )
    found |= {credit: found[gift] for credit, gift in moved.items() if gift in found}
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


def _returning(messages: Iterable[Message]) -> dict[UUID, bool | None]:
    at_counters = [told["redemption_id"] for told in _payloads(messages) if "redemption_id" in told]
    return guests.returning({UUID(each) for each in at_counters}) if at_counters else {}


def _payloads(messages: Iterable[Message]) -> Iterable[dict[str, Any]]:
    return (message.payload for message in messages)


def _voided(messages: Iterable[Message], subjects: Subjects) -> tuple[set[UUID], set[UUID]]:
    """As AtCounters has them: `used` and `moved`. Two statements, none where nothing was voided."""
    codes = {told_id(message) for message in messages if message.topic == Topic.CODE_VOIDED}
    if not codes:
        return set(), set()
    standing = Redemption.objects.standing().filter(code__in=codes)
    credited = Refund.objects.credited().filter(
        lines__gift__in=[subjects[code].gift_id for code in codes if code in subjects]
    )
    gifts = set(credited.values_list("lines__gift", flat=True))
    own = {code for code in codes if code in subjects and subjects[code].code_id == code}
    return (
        set(standing.values_list("code", flat=True)),
        {code for code in own if subjects[code].gift_id in gifts},
    )


def fact_of(message: Message, subjects: Subjects, seen: AtCounters) -> Fact | None:
    """None where it changes no figure: what nobody had bought was voided, or a gift became a credit."""
    subject = subjects.get(told_id(message))
    if subject is None or subject.brand_id != message.brand_id:
        raise LookupError(f"{message.topic} tells of what its brand does not have")
    if message.topic == Topic.CODE_VOIDED and (
        subject.gift_id is None or subject.is_promotional or told_id(message) in seen.moved
    ):
        return None
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
        fact.gifts = seen.begun.get((fact.subject_id, fact.quantity))
        fact.is_promotional = subject.is_promotional
        fact.is_returning = seen.returning.get(fact.subject_id)
    if message.topic == Topic.CODE_VOIDED:
        fact.code_id = fact.subject_id
        fact.quantity = 0 if fact.subject_id in seen.used else -1
        fact.amount, fact.currency = -message.payload["amount"], message.payload["currency"]
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
    bought = Count("gifts", filter=~Q(gifts__code__origin=Code.Origin.PROMOTIONAL))
    rows = (
        Order.objects.filter(pk__in=ids)
        .annotate(bought=bought)
        .values_list(
            *["pk", "brand_id", "visitor", "came_by", "placed_at", "currency", "total", "paid_at"],
            "bought",
        )
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
        *["amount", "pk", "code_id", "order__paid_at", "code__origin"],
    )
    return [
        (
            Placed(order, brand, attribution.visitor_of(visitor, came_by), at),
            Subject(
                *(brand, NOBODY, currency, amount, 1, order, pk, code, paid_at),
                is_promotional=origin == Code.Origin.PROMOTIONAL,
            ),
        )
        for order, brand, visitor, came_by, at, currency, amount, pk, code, paid_at, origin in rows
    ]


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
