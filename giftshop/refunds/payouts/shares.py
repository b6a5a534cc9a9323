"""Whose money a payout is: one of Stripe's accounts serves all brands, so each has its share of it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import QuerySet, Sum

from brands.models import Brand
from giftshop.payments.models import Payment
from giftshop.payments.stripe.payouts import PayoutLine
from giftshop.refunds.models import Dispute, Refund
from redemption.models import Account, JournalEntry, Posting

Key = tuple[UUID, str]
"""A brand's id and a currency."""
BACK = ":back"
"""How the entries end that take a payout back."""


@dataclass
class Shares:
    """Minor units, less Stripe's fees. What is of no order here is left out: an account may serve more."""

    by_brand: Counter[Key] = field(default_factory=Counter)
    converted: int = 0
    """So many lines are in another currency than they were paid in: what the exchange cost is not known
    here, so they are in nobody's share."""


def of_lines(lines: Iterable[PayoutLine]) -> Shares:
    """Expects scopes to be disabled. 3 queries, and one for each payout that came back."""
    lines, shares = list(lines), Shares()
    owners = _owners([line.source for line in lines])
    for line in lines:
        if line.source in owners:
            brand, currency = owners[line.source]
            if currency == line.currency:
                shares.by_brand[brand, currency] += line.net
            else:
                shares.converted += 1
        elif line.source.startswith("po_"):
            shares.by_brand.update(posted(line.source, came_back=False))
    return shares


def entries_of(payout_id: str) -> QuerySet[JournalEntry]:
    """Of whichever brand. Expects scopes to be disabled."""
    return JournalEntry.objects.filter(
        brand__in=Brand.objects.values("pk"),  # as the index of references begins
        kind=JournalEntry.Kind.PAYOUT,
        reference__startswith=f"payout:{payout_id}:",
    )


def posted(payout_id: str, *, came_back: bool) -> Counter[Key]:
    """What is booked as paid out by it, or as taken back of it (negative). 1 query."""
    entries = entries_of(payout_id)
    back = entries.filter(reference__endswith=BACK)
    meant = back if came_back else entries.exclude(pk__in=back)
    sums = (
        Posting.objects.filter(entry__in=meant, account=Account.BANK)
        .values_list("brand", "currency")
        .annotate(total=Sum("amount"))
    )
    return Counter({(brand, currency): total for brand, currency, total in sums})


def _owners(sources: list[str]) -> dict[str, Key]:
    """The brand, and the currency it was paid in, of each source that is known here."""
    found: dict[str, Key] = {}
    for rows, name in (
        (Payment.objects.filter(charge_id__in=sources), "charge_id"),
        (Refund.objects.filter(refund_id__in=sources), "refund_id"),
        (Dispute.objects.filter(dispute_id__in=sources), "dispute_id"),
    ):
        for source, brand, currency in rows.values_list(name, "brand", "currency"):
            found[str(source)] = brand, currency
    return found
