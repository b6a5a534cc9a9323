"""Lines of Stripe's balance that take money out of stripe_clearing or bring it back: each is posted once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from brands.models import Brand
from redemption.ledger.posting import Leg, post_many
from redemption.models import Account, JournalEntry

REFERENCE = "line:"


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
    was posted before. 1 or 2 statements. The caller holds what the line is about locked."""
    net = line.amount - line.fee
    sides = [*legs, Leg(fee_account, line.fee), Leg(Account.STRIPE_CLEARING, net)]
    made = post_many(
        brand=brand,
        kind=JournalEntry.Kind.STRIPE_LINE,
        currency=line.currency,
        entries={f"{REFERENCE}{line.id}": [side for side in sides if side.amount]},
        now=now,
        once=True,
    )
    return bool(made)


def posted(brand: Brand, line_ids: Collection[str]) -> set[str]:
    """Those of the lines that were posted before, by their ids. 1 query, none without lines."""
    if not line_ids:
        return set()
    found = JournalEntry.objects.filter(
        brand=brand,
        kind=JournalEntry.Kind.STRIPE_LINE,
        reference__in=[f"{REFERENCE}{each}" for each in line_ids],
    )
    return {each.removeprefix(REFERENCE) for each in found.values_list("reference", flat=True)}
