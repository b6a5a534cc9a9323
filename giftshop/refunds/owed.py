"""What a brand owes back to the sender of a payment and nobody has sent: by gift, and beside all gifts.

It comes to be owed when a gift is voided, when a payment fits no order, or when a refund that had arrived
comes back from the bank.
"""

from collections import Counter
from uuid import UUID

from django.db import connection
from django.db.models import Sum

from giftshop.payments.models import Payment
from giftshop.refunds.models import Refund, RefundLine
from redemption.models import Account, JournalEntry

NEVER_SENT = (Refund.State.FAILED, Refund.State.DECLINED)

_OWED = """
WITH refund AS (
    SELECT id, state, credit_id FROM refunds_refund
    WHERE brand_id = %(brand)s AND payment_id = %(payment)s AND state <> ALL(%(never_sent)s)
), line AS (
    SELECT line.*, refund.state, refund.credit_id
    FROM refund JOIN refunds_refundline line ON line.refund_id = refund.id
), own AS (
    SELECT id AS gift_id, code_id FROM orders_gift WHERE order_id = %(order)s
    UNION ALL
    SELECT gift_id, credit_id FROM line WHERE credit_id IS NOT NULL
), moved AS (
    -- voided, whose worth was on the gift's own code or on its sender's credit
    SELECT own.gift_id, -posting.amount AS amount
    FROM own JOIN redemption_posting posting ON posting.code_id = own.code_id
    JOIN redemption_journalentry entry ON entry.id = posting.entry_id
    WHERE %(is_paid)s AND posting.brand_id = %(brand)s AND posting.account = %(payable)s
        AND entry.kind = %(void)s
    UNION ALL
    -- of a payment that fits no order
    SELECT NULL, -posting.amount
    FROM redemption_journalentry entry JOIN redemption_posting posting ON posting.entry_id = entry.id
    WHERE %(is_refused)s AND entry.brand_id = %(brand)s AND entry.kind = %(refused)s
        AND entry.reference = %(reference)s AND posting.account = %(payable)s
    UNION ALL
    -- sent since, or came back from the bank
    SELECT gift_id, CASE WHEN state = %(returned)s THEN amount ELSE 0 END - from_owed FROM line
)
SELECT gift_id, sum(amount)::bigint FROM moved GROUP BY gift_id HAVING sum(amount) > 0
"""


def owed(payment: Payment) -> Counter[UUID | None]:
    """Minor units by the gift's id; None: what no gift was bought with. 1 query. Where it decides something,
    the caller holds the order."""
    with connection.cursor() as cursor:
        cursor.execute(
            _OWED,
            {
                "brand": payment.brand_id,
                "order": payment.order_id,
                "payment": payment.pk,
                "never_sent": [str(state) for state in NEVER_SENT],
                "is_paid": payment.state == Payment.State.PAID,
                "is_refused": payment.state == Payment.State.REFUSED,
                "payable": Account.CUSTOMER_REFUNDS_PAYABLE.value,
                "void": JournalEntry.Kind.VOID.value,
                "refused": JournalEntry.Kind.REFUSED.value,
                "reference": f"payment:{payment.pk}",
                "returned": Refund.State.RETURNED.value,
            },
        )
        return Counter(dict(cursor.fetchall()))


def sent(payment: Payment) -> Counter[UUID | None]:
    """What went back for each gift, or is about to: minor units by its id; None: for none. 1 query."""
    lines = RefundLine.objects.filter(refund__in=payment.refunds.counted())
    return Counter(dict(lines.values_list("gift").annotate(total=Sum("amount"))))
