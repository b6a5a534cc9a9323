"""Value after purchase: who accepts it, what it is, and what became of it."""

from redemption.models.brand import Brand, Store
from redemption.models.code import Code
from redemption.models.device import Device
from redemption.models.ledger import Account, JournalEntry, Posting
from redemption.models.redemption import IdempotencyRecord, Redemption, Reversal
from redemption.models.staff import StaffMember

__all__ = [
    "Account",
    "Brand",
    "Code",
    "Device",
    "IdempotencyRecord",
    "JournalEntry",
    "Posting",
    "Redemption",
    "Reversal",
    "StaffMember",
    "Store",
]
