"""Value after purchase: who accepts it, what it is, and what became of it."""

from redemption.models.audit import AuditEntry, VoidRequest
from redemption.models.code import Code
from redemption.models.device import Device, RetiredToken
from redemption.models.goodwill import GoodwillGift
from redemption.models.hold import Hold
from redemption.models.ledger import Account, JournalEntry, Posting
from redemption.models.option_list import OptionList
from redemption.models.rate_count import RateCount
from redemption.models.redemption import IdempotencyRecord, Redemption, RefusedAttempt, Reversal
from redemption.models.retired_code import RetiredCode
from redemption.models.staff import StaffMember
from redemption.models.wrong_tries import Alarm, WrongTries

__all__ = [
    "Account",
    "Alarm",
    "AuditEntry",
    "Code",
    "Device",
    "GoodwillGift",
    "Hold",
    "IdempotencyRecord",
    "JournalEntry",
    "OptionList",
    "Posting",
    "RateCount",
    "Redemption",
    "RefusedAttempt",
    "RetiredCode",
    "RetiredToken",
    "Reversal",
    "StaffMember",
    "VoidRequest",
    "WrongTries",
]
