"""What the outbox tells, written down as facts, many at a time. Of what each tells: facts/subjects.py."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

from django_scopes import scopes_disabled

from campaigns.facts import coupons, guests, record, went_back
from campaigns.facts.subjects import Subject, Subjects, subjects_of, told_id
from campaigns.letter import send as _letters  # noqa: F401  # its subscriber, and its purpose
from campaigns.models import Fact
from giftshop.outbox.models import Message
from giftshop.outbox.outbox import subscribe_batch
from giftshop.outbox.topics import Topic
from giftshop.refunds.models import Refund
from redemption.models import Account, Code, JournalEntry, Posting, Redemption

SIGNS: dict[str, int] = {JournalEntry.Kind.REDEMPTION: 1, JournalEntry.Kind.REVERSAL: -1}


Begun = dict[tuple[UUID, int], int]
"""By a redemption, and 1 for that it was made or -1 that it was undone: how many gifts are redeemed by it,
at least in part, that were not before."""


@subscribe_batch(Topic.ORDER_PAID, name="campaigns.order_paid")
@subscribe_batch(Topic.GIFT_SENT, name="campaigns.gift_sent")
@subscribe_batch(Topic.GIFT_OPENED, name="campaigns.gift_opened")
@subscribe_batch(Topic.CODE_REDEEMED, name="campaigns.code_redeemed")
@subscribe_batch(Topic.REDEMPTION_REVERSED, name="campaigns.redemption_reversed")
@subscribe_batch(Topic.CODE_VOIDED, name="campaigns.code_voided")
@subscribe_batch(Topic.OFFER_USED, name="campaigns.offer_used")
@subscribe_batch(Topic.PROMOTION_MOVED, name="campaigns.promotion_moved")
def record_facts(messages: list[Message]) -> None:
    """Twenty-three statements at most. Raises LookupError when one tells of what its brand doesn't have."""
    with scopes_disabled():
        subjects = subjects_of(messages)
        seen = Seen(
            *(_begun(messages), _returning(messages), *_voided(messages, subjects)),
            _discounts(messages, subjects),
        )
        facts = [fact_of(message, subjects, seen) for message in messages]
        record.record([fact for fact in facts if fact])


@subscribe_batch(Topic.REFUND_MOVED, name="campaigns.refund_moved")
@subscribe_batch(Topic.DISPUTE_MOVED, name="campaigns.dispute_moved")
def record_money_back(messages: list[Message]) -> None:
    """Nine statements at most."""
    with scopes_disabled():
        record.record(went_back.facts_of(messages))


class Seen(NamedTuple):
    """What these messages mean beside what they say."""

    begun: Begun
    returning: dict[UUID, bool | None]
    used: set[UUID]
    """Voided codes of which something was used before."""
    moved: set[UUID]
    """Voided codes whose worth stands on another: a credit. Nothing was taken back."""
    discounts: dict[UUID, UUID]
    """Offers that took something off the orders whose promotion moved, by the order."""


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
    """As Seen has them: `used` and `moved`. Two statements, none where nothing was voided."""
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


def _discounts(messages: Iterable[Message], subjects: Subjects) -> dict[UUID, UUID]:
    """As Seen has them. One statement, none where no promotion moved."""
    told = [told_id(message) for message in messages if message.topic == Topic.PROMOTION_MOVED]
    found = [subjects[code] for code in told if code in subjects]
    return coupons.of_discounts({each.order_id for each in found if each.order_id})


def fact_of(message: Message, subjects: Subjects, seen: Seen) -> Fact | None:
    """None where it changes no figure: what nobody had bought was voided, a gift became a credit, or what a
    brand gave without an offer expired."""
    subject = subjects.get(told_id(message))
    if subject is None or subject.brand_id != message.brand_id:
        raise LookupError(f"{message.topic} tells of what its brand does not have")
    if message.topic == Topic.CODE_VOIDED and not _takes_away(subject, told_id(message), seen):
        return None
    if message.topic == Topic.PROMOTION_MOVED:
        return _promotion(message, subject, seen)
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
        offer_id=subject.offer_id,
        quantity=subject.quantity,
        amount=subject.amount,
        currency=message.payload.get("currency") or subject.currency,
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
        fact.amount = -message.payload["amount"]
    return fact


def _promotion(message: Message, subject: Subject, seen: Seen) -> Fact | None:
    """By so much what an offer cost became less, or more again: of a coupon with its code; of a discount
    without, as it is of an order."""
    discount = seen.discounts.get(subject.order_id) if subject.order_id else None
    if not (subject.offer_id or discount):
        return None
    return Fact(
        brand_id=subject.brand_id,
        message_id=message.pk,
        topic=message.topic,
        subject_id=message.pk,
        occurred_at=message.occurred_at,
        campaign_id=subject.earned.campaign_id,
        link_id=subject.earned.link_id,
        order_id=subject.order_id,
        gift_id=subject.gift_id,
        code_id=subject.code_id if subject.offer_id else None,
        offer_id=subject.offer_id or discount,
        quantity=0,
        amount=message.payload["amount"],
        currency=message.payload["currency"],
        sold_at=subject.sold_at,
    )


def _takes_away(subject: Subject, code_id: UUID, seen: Seen) -> bool:
    """A void of what somebody had bought, or of a coupon, whose cost it takes back."""
    if subject.offer_id:
        return True
    return bool(subject.gift_id) and not subject.is_promotional and code_id not in seen.moved


def _add_what_the_counter_told(fact: Fact, message: Message) -> None:
    told, sign = message.payload, 1 if message.topic == Topic.CODE_REDEEMED else -1
    extra, basket = told.get("extra_amount") or 0, told.get("basket_total")
    over = record.spend_over(amount=told["amount"], extra_amount=extra, basket_total=basket)
    fact.subject_id, fact.store_id = UUID(told["redemption_id"]), UUID(told["store_id"])
    fact.code_id = UUID(told["code_id"])
    fact.quantity, fact.amount = sign, sign * told["amount"]
    fact.extra_amount, fact.spend_over = sign * extra, sign * over
    fact.basket_total = None if basket is None else sign * basket
