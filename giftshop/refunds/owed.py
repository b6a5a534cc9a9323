"""What a brand owes back to the sender of a payment and nobody has sent: by gift, and beside all gifts.

It comes to be owed when a gift is voided, when a payment fits no order, or when a refund that had arrived
comes back from the bank.
"""

from collections import Counter
from uuid import UUID

from django.db.models import Sum

from giftshop.orders.models import Gift
from giftshop.payments.models import Payment
from giftshop.refunds.models import Refund, RefundLine
from redemption.models import Account, JournalEntry, Posting

NEVER_SENT = (Refund.State.FAILED, Refund.State.DECLINED)


def owed(payment: Payment) -> Counter[UUID | None]:
    """Minor units by the gift's id; None: what no gift was bought with. 4 queries. Expects the brand's
    scope and, where it decides something, the order locked."""
    found: Counter[UUID | None] = Counter()
    for gift, amount in _voided(payment).items():
        found[gift] += amount
    found[None] += _refused(payment)
    lines = RefundLine.objects.filter(refund__payment=payment).exclude(refund__state__in=NEVER_SENT)
    for gift_id, state, amount, from_owed in lines.values_list(
        "gift", "refund__state", "amount", "from_owed"
    ):
        found[gift_id] -= from_owed
        if state == Refund.State.RETURNED:
            found[gift_id] += amount
    return +found


def sent(payment: Payment) -> Counter[UUID | None]:
    """What went back for each gift, or is about to: minor units by its id; None: for none. 1 query."""
    lines = RefundLine.objects.filter(refund__in=payment.refunds.counted())
    return Counter(dict(lines.values_list("gift").annotate(total=Sum("amount"))))


def _voided(payment: Payment) -> dict[UUID, int]:
    if payment.state != Payment.State.PAID:
        return {}
    own = Gift.objects.filter(order=payment.order_id, code__isnull=False)
    gifts = dict(own.values_list("code", "pk"))
    credited = payment.refunds.credited()
    gifts |= dict(credited.values_list("credit", "lines__gift"))
    sums = (
        Posting.objects.filter(
            account=Account.CUSTOMER_REFUNDS_PAYABLE,
            entry__kind=JournalEntry.Kind.VOID,
            code__in=list(gifts),
        )
        .values_list("code")
        .annotate(total=Sum("amount"))
    )
    return {gifts[code]: -total for code, total in sums}


def _refused(payment: Payment) -> int:
    if payment.state != Payment.State.REFUSED:
        return 0
    got = Posting.objects.filter(
        account=Account.CUSTOMER_REFUNDS_PAYABLE,
        entry__kind=JournalEntry.Kind.REFUSED,
        entry__reference=f"payment:{payment.pk}",
    )
    return -(got.aggregate(total=Sum("amount"))["total"] or 0)
