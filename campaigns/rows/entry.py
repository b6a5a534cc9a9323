"""The entry of the ledger that a fact tells of, with its postings. Belongs inside the brand's scope."""

from dataclasses import dataclass
from uuid import UUID

from campaigns.models import Fact
from giftshop.orders.models import Gift
from redemption.models import Account, JournalEntry, Posting

Topic, Kind = Fact.Topic, JournalEntry.Kind


@dataclass(frozen=True)
class Entry:
    entry: JournalEntry
    postings: list[Posting]


def entry_of(fact: Fact) -> Entry | None:
    """None where nothing was booked by it: a gift was sent or opened, or the money went by Stripe's own line
    of its balance. Three queries at most."""
    booked = {
        Topic.ORDER_PAID: (Kind.SALE, f"order:{fact.subject_id}"),
        Topic.CODE_REDEEMED: (Kind.REDEMPTION, f"redemption:{fact.subject_id}"),
        Topic.REDEMPTION_REVERSED: (Kind.REVERSAL, f"redemption:{fact.subject_id}"),
        Topic.CODE_VOIDED: (Kind.VOID, f"code:{fact.subject_id}"),
        Topic.REFUND_ARRIVED: (Kind.REFUND, f"refund:{fact.subject_id}"),
        Topic.OFFER_USED: (Kind.PROMOTION, f"offer:{fact.subject_id}"),
    }
    if fact.topic == Topic.OFFER_USED and fact.code_id is None:
        return None  # a discount is booked with its order
    if fact.topic == Topic.PROMOTION_MOVED:
        moved = Posting.objects.filter(
            account=Account.PROMO_EXPENSE, code=_code_of(fact), entry__occurred_at=fact.occurred_at
        )
        entry = JournalEntry.objects.filter(pk__in=moved.values("entry")).first()
    elif fact.topic not in booked:
        return None
    else:
        kind, reference = booked[Topic(fact.topic)]
        entry = JournalEntry.objects.filter(kind=kind, reference=reference).first()
    if entry is None:
        return None
    postings = Posting.objects.filter(entry=entry).select_related("store").order_by("-amount", "pk")
    return Entry(entry, list(postings))


def _code_of(fact: Fact) -> UUID | None:
    """A coupon's, or that of the gift that a discount lies on."""
    if fact.code_id:
        return fact.code_id
    gift = Gift.objects.filter(pk=fact.gift_id).first() if fact.gift_id else None
    return gift.code_id if gift else None
