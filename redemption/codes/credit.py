"""A gift's worth moves to a credit: its code is void, and what was paid for what is left stands on a new one.

The brand owes that as before, to somebody else, so it stays within gift_liability; what was a discount is no
expense any more.
"""

from datetime import datetime
from uuid import UUID

from redemption.audit.actors import SYSTEM
from redemption.audit.log import Act
from redemption.codes import acts, hold
from redemption.codes.acts import ActRefused, Refusal
from redemption.codes.issue import CodeSpec, new_code
from redemption.ledger import paid_share
from redemption.ledger.posting import post
from redemption.models import Account, Code, JournalEntry


def move_to_credit(
    *, code_id: UUID, reference: str, label: str, reason: str, now: datetime
) -> Code:
    """The credit, in nobody's name. Its days are those of a new gift of the brand's. Expects the brand's
    scope and a transaction.

    `reference`: as credit:<id>. Raises ActRefused: nothing is left, or it is not good just now. Raises
    IntegrityError for a reference that has its credit.
    """
    code = acts.lock(code_id)
    paid = code.paid_left
    if code.state != Code.State.ACTIVE or not paid:
        raise ActRefused(Refusal.HELD if paid else Refusal.NOTHING_LEFT)
    spec = CodeSpec(
        reference=reference,
        label=label,
        amount=paid,
        kind=Code.Kind.VALUE,
    )
    credit = new_code(spec, code.brand, Code.Origin(code.origin), now)
    credit.currency = code.currency
    left = code.void(now)
    hold.release_all([code], actor=SYSTEM, reason=reason, now=now)
    credit.save(force_insert=True)
    post(
        brand=code.brand,
        kind=JournalEntry.Kind.CREDIT,
        reference=reference,
        currency=code.currency,
        legs=paid_share.legs(
            code, before=left, after=0, against=Account.GIFT_LIABILITY, names=credit
        ),
        now=now,
    )
    told = {"reason": reason, "amount": left, "currency": code.currency}
    acts.tell(Act.CODE_VOIDED, code, told, actor=SYSTEM, now=now)
    acts.tell(Act.CREDIT_GIVEN, credit, {**told, "amount": paid}, actor=SYSTEM, now=now)
    return credit
