"""What an order earned on top ends where too little of its money stayed, whichever way the rest went back."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from giftshop.offers import purchase
from giftshop.payments.models import Payment
from giftshop.refunds.credit.worth import with_worth
from giftshop.refunds.models import Dispute, Refund, RefundLine
from redemption.codes import dispute


def end_what_was_earned(
    payment: Payment,
    now: datetime,
    *,
    arrived: Refund | None = None,
    lost: Iterable[Dispute] = (),
) -> None:
    """To be called whenever money of a payment is gone. `arrived`: a refund that is being taken; `lost`:
    disputes of which nobody has said which gifts they were for. Goodwill takes nothing from what was earned,
    nor does money that paid for nothing. Expects the brand's scope and the order locked."""
    order = payment.order
    if order.offer_id is None or payment.state != Payment.State.PAID:
        return
    back = _refunded(payment, arrived)
    decided = Q(status=Dispute.Status.LOST) | Q(decided_at__isnull=False)
    disputes = {row.subject: row.amount for row in (*payment.disputes.filter(decided), *lost)}
    gifts = with_worth(order.gifts.filter(code__isnull=False))
    by_bank = dispute.voided(
        disputes=disputes, code_ids=[gift.code_id for gift in gifts if gift.code_id]
    )
    left = [
        max(0, gift.paid - back[gift.pk] - (by_bank[gift.code_id] if gift.code_id else 0))
        for gift in gifts
    ]
    stayed = order.total - sum(back.values()) - sum(disputes.values())
    total = max(0, min(sum(left), stayed))
    purchase.end_below(
        order_id=order.pk,
        gifts=sum(each > 0 for each in left) if total else 0,
        total=total,
        now=now,
    )


def _refunded(payment: Payment, arrived: Refund | None) -> Counter[UUID]:
    """By the gift's id, minor units."""
    back: Counter[UUID] = Counter()
    lines = RefundLine.objects.filter(refund__payment=payment, gift__isnull=False)
    counts = Q(refund__taken_at__isnull=False) | Q(refund=arrived and arrived.pk)
    for line in lines.filter(counts):
        if line.gift_id:
            back[line.gift_id] += line.amount - line.goodwill
    return back
