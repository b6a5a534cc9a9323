"""Lines of Stripe's balance that take money out of stripe_clearing or bring it back: each is posted once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from brands.models import Brand
from redemption.ledger.posting import Leg, post
from redemption.models import Account, JournalEntry


@dataclass(frozen=True)
class StripeLine:
    """A balance transaction. Minor units of `currency`: `amount` with its sign, as Stripe's balance moves;
    `fee` positive where Stripe keeps it."""

    id: str
    amount: int
    fee: int
    currency: str


def post_line(
    *,
    brand: Brand,
    line: StripeLine,
    legs: Sequence[Leg],
    fee_account: Account,
    now: datetime,
) -> bool:
    """Move stripe_clearing by the line, against `legs`, whose amounts sum to minus the line's; False when it
    was posted before. 1 or 3 statements. The caller holds what the line is about locked."""
    reference = f"line:{line.id}"
    if _is_posted(brand, reference):
        return False
    net = line.amount - line.fee
    sides = [*legs, Leg(fee_account, line.fee), Leg(Account.STRIPE_CLEARING, net)]
    post(
        brand=brand,
        kind=JournalEntry.Kind.STRIPE_LINE,
        reference=reference,
        currency=line.currency,
        legs=[side for side in sides if side.amount],
        now=now,
    )
    return True


def _is_posted(brand: Brand, reference: str) -> bool:
    entries = JournalEntry.objects.filter(brand=brand, kind=JournalEntry.Kind.STRIPE_LINE)
    return entries.filter(reference=reference).exists()
