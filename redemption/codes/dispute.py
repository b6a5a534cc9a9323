"""A payer's bank asks for the money: the gifts are held until it is decided whose it is.

What the bank takes is a loss from the day it does, and its fee too. Won, or never more than a question: the
gifts are good again, unless something else holds them. Lost: what is left on the gifts is owed to nobody any
more, which makes the loss smaller by as much; what was spent is the loss that stays. The store that handed
it over in good faith keeps what it earned.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from brands.models import Brand
from redemption.audit.actors import SYSTEM, Actor
from redemption.audit.log import Act
from redemption.codes import acts, hold
from redemption.codes.own_reasons import OwnReason
from redemption.ledger.posting import Leg, post_many
from redemption.ledger.stripe_lines import StripeLine, post_line
from redemption.models import Account, Hold, JournalEntry

_REASONS = {
    Hold.Cause.DISPUTE: OwnReason.DISPUTED,
    Hold.Cause.WARNING: OwnReason.REPORTED,
}


def hold_gifts(
    *, code_ids: Collection[UUID], subject: str, cause: Hold.Cause, now: datetime
) -> None:
    """Hold what is left of the gifts; once each. Expects the brand's scope and a transaction.

    `subject`: what alone releases them again, as dispute:<id> or warning:<id>. Spent gifts stay as they are.
    """
    balances = acts.lock_balances(code_ids)
    known = hold.held_by(subject, balances)
    for code_id, balance in balances.items():
        if balance and code_id not in known:
            hold.place(
                code_id=code_id,
                actor=SYSTEM,
                reason=_REASONS[cause],
                cause=cause,
                subject=subject,
                now=now,
            )


def release_gifts(
    *,
    code_ids: Collection[UUID],
    subject: str,
    reason: str,
    now: datetime,
    actor: Actor = SYSTEM,
) -> None:
    """The holds of this subject end, if there are any."""
    for code_id in sorted(hold.held_by(subject, acts.lock_balances(code_ids))):
        hold.release(code_id=code_id, actor=actor, reason=reason, subject=subject, now=now)


def book(*, brand: Brand, line: StripeLine, now: datetime) -> bool:
    """A line of Stripe's balance about a dispute: what was taken, or came back. False: it was booked."""
    return post_line(
        brand=brand,
        line=line,
        legs=[Leg(Account.DISPUTE_LOSS, -line.amount)],
        fee_account=Account.DISPUTE_FEES,
        now=now,
    )


def lose(*, brand: Brand, dispute: str, code_ids: Collection[UUID], now: datetime) -> int:
    """Void what is left on the gifts, whatever held them: that amount, in minor units. `dispute`: as
    dispute:<id>; a gift that is void already stays so."""
    codes = [code for code in acts.lock_all(code_ids) if code.balance]
    left = {code: code.void(now) for code in codes}
    reason = _REASONS[Hold.Cause.DISPUTE]
    hold.release_all(codes, actor=SYSTEM, reason=reason, now=now)
    if left:
        post_many(
            brand=brand,
            kind=JournalEntry.Kind.DISPUTE,
            currency=brand.currency,
            entries={
                f"{dispute}:lost:{code.pk}": [
                    Leg(Account.GIFT_LIABILITY, amount, code=code),
                    Leg(Account.DISPUTE_LOSS, -amount),
                ]
                for code, amount in left.items()
            },
            now=now,
        )
    for code, amount in left.items():
        told = {"dispute": dispute, "amount": amount, "currency": code.currency}
        acts.tell(Act.CODE_VOIDED, code, {"reason": reason, **told}, actor=SYSTEM, now=now)
    return sum(left.values())
