"""Posting to the ledger. The essay is in models/ledger.py."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from redemption.models import Account, Brand, Code, JournalEntry, Posting, Store

ROWS_AT_ONCE = 1000
"""PostgreSQL takes 65,535 parameters in one statement; a code has some twenty."""


@dataclass(frozen=True)
class Leg:
    """One side of an entry: debits positive, credits negative, minor units."""

    account: Account
    amount: int
    code: Code | None = None
    store: Store | None = None


def post(
    *,
    brand: Brand,
    kind: JournalEntry.Kind,
    reference: str,
    currency: str,
    legs: Sequence[Leg],
    now: datetime,
) -> JournalEntry:
    """One balanced entry, inside the caller's transaction. 2 statements.

    Raises IntegrityError when the reference was posted before, and at commit when the legs do not
    sum to zero.
    """
    entry = JournalEntry.objects.create(
        brand=brand, kind=kind, reference=reference, occurred_at=now
    )
    Posting.objects.bulk_create(
        (
            Posting(
                entry=entry,
                brand=brand,
                account=leg.account,
                amount=leg.amount,
                currency=currency,
                code=leg.code,
                store=leg.store,
            )
            for leg in legs
        ),
        batch_size=ROWS_AT_ONCE,
    )
    return entry


def earned_by(store: Store) -> Account:
    """Where the money of a redemption goes: to the brand, or on to the franchisee who served it."""
    return Account.STORE_PAYABLE if store.operator else Account.SALES
