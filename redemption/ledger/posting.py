"""Posting to the ledger. The essay is in models/ledger.py."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from brands.models import Brand, Store
from core.database.insert import insert
from redemption.models import Account, Code, JournalEntry, Posting


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
    return post_many(brand=brand, kind=kind, currency=currency, entries={reference: legs}, now=now)[
        0
    ]


def post_many(
    *,
    brand: Brand,
    kind: JournalEntry.Kind,
    currency: str,
    entries: Mapping[str, Sequence[Leg]],
    now: datetime,
    once: bool = False,
) -> list[JournalEntry]:
    """Entries of one kind, each by its reference, as post() does. 2 statements for a thousand rows.

    `once`: those that were posted before stay as they are, and are not among those answered; 1 statement
    where all were.
    """
    made = insert(
        [
            JournalEntry(brand=brand, kind=kind, reference=reference, occurred_at=now)
            for reference in entries
        ],
        ignore_conflicts=once,
    )
    if not made:
        return made
    insert(
        [
            Posting(
                entry=entry,
                brand=brand,
                account=leg.account,
                amount=leg.amount,
                currency=currency,
                code=leg.code,
                store=leg.store,
            )
            for entry in made
            for leg in entries[entry.reference]
        ]
    )
    return made


def earned_by(operator: str) -> Account:
    """Where the money of a redemption goes: to the brand, or on to the franchisee who runs the store."""
    return Account.STORE_PAYABLE if operator else Account.SALES
