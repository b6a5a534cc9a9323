"""Disputes that a bank decided for the payer, and nobody has said for which gifts: it took a part, or all.

What is left on the gifts is void when banks took as much or more. Else the gifts stay on hold until somebody
says which were meant (choose.py).
"""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from giftshop.payments.models import Payment
from giftshop.refunds.earned import end_what_was_earned
from giftshop.refunds.models import Dispute, Refund
from redemption.codes import dispute
from redemption.codes.acts import lock_left
from redemption.models import Hold


def void_what_is_left(*, payment: Payment, code_ids: Collection[UUID], now: datetime) -> None:
    """Looks at all disputes of the payment that are unclear: to be called whenever less may be left than was.
    What the order earned ends with it. Expects the brand's scope and the order locked."""
    unclear = list(payment.disputes.filter(is_unclear=True).order_by("opened_at", "dispute_id"))
    if unclear:
        _void(payment, unclear, code_ids, now)
    end_what_was_earned(payment, now, lost=unclear)


def _void(
    payment: Payment, unclear: Collection[Dispute], code_ids: Collection[UUID], now: datetime
) -> None:
    left = sum(each.paid for each in lock_left(code_ids).values())
    is_all = left <= sum(row.amount for row in unclear)
    for row in unclear:
        if is_all:
            dispute.lose(brand=payment.brand, dispute=row.subject, code_ids=code_ids, now=now)
        else:
            dispute.hold_gifts(
                code_ids=code_ids, subject=row.subject, cause=Hold.Cause.DISPUTE, now=now
            )
    if is_all:
        Dispute.objects.filter(pk__in=[row.pk for row in unclear]).update(is_unclear=False)


def came_later(
    found: Refund, disputes: Iterable[Dispute], code_ids: Collection[UUID]
) -> Counter[UUID]:
    """What disputes took of the gifts after a refund was made, by code: Stripe refunds nothing that a bank
    has taken, so if the refund arrived, that was its own. Both times are Stripe's, in seconds; a refund whose
    own was not kept came before any dispute. One query, none without disputes."""
    later = [
        row.subject
        for row in disputes
        if found.made_at is None or (row.withdrawn_at or row.opened_at) >= found.made_at
    ]
    return dispute.voided(disputes=later, code_ids=code_ids)
