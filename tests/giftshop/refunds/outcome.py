"""What came of a history: how it ends, and whether the books agree with Stripe and with themselves."""

import re
from collections.abc import Mapping
from typing import Any

from django.db import connection
from django.db.models import Sum

from giftshop.orders.models import Order
from giftshop.payments.models import Payment
from giftshop.refunds.models import Dispute, FraudWarning, Refund
from giftshop.refunds.owed import owed
from redemption.ledger import verify
from redemption.models import Account, Hold, Posting, Redemption
from tests.giftshop.refunds.stage import PAYABLE, TOTAL, Faults, Stage


def end(stage: Stage) -> dict[str, Any]:
    """What must not depend on the order in which Stripe was heard."""
    gifts = {gift.code_id: gift.position for gift in stage.order.gifts.all()}
    return {
        "order": Order.objects.get(pk=stage.order.pk).state,
        "gifts": [
            (gift.code.state, gift.code.balance) if gift.code else None
            for gift in stage.order.gifts.with_everything().order_by("position")
        ],
        "refunds": sorted(map(str, map(_refund, Refund.objects.prefetch_related("lines__gift")))),
        "disputes": sorted(Dispute.objects.values_list("dispute_id", "status", "is_unclear")),
        "warnings": sorted(FraudWarning.objects.filter(is_open=True).values_list("warning_id")),
        "holds": sorted(
            (gifts[hold.code_id], hold.cause, re.sub("^refund:.*", "refund", hold.subject))
            for hold in Hold.objects.open()
        ),
        "owed": sorted(map(str, owed(Payment.objects.get(pk=stage.payment.pk)).values())),
        "books": _books(),
    }


def check(stage: Stage, *, whole: bool) -> None:
    """Raises Faults. `whole`: the ledger is proved, too."""
    books = _books()
    moved = stage.double.totals("order_id", [str(stage.order.pk)])
    at_stripe = moved["usd"].net if moved else 0
    fee_known = Payment.objects.get(pk=stage.payment.pk).fee is not None
    if fee_known and books.get(Account.STRIPE_CLEARING, 0) != at_stripe:
        raise Faults(f"stripe_clearing {books}, at Stripe {at_stripe}")
    _check_owed(stage, books)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    for each in verify.CHECKS if whole else ():
        for difference in verify.differences(each):
            raise Faults(str(difference))


def _check_owed(stage: Stage, books: Mapping[str, int]) -> None:
    refunds = list(Refund.objects.prefetch_related("lines"))
    under_way = sum(
        each.amount
        for each in refunds
        if each.refund_id
        and each.taken_at is None
        and each.state in {Refund.State.PENDING, Refund.State.SUCCEEDED}
    )
    payable = books.get(PAYABLE, 0)
    still = sum(owed(Payment.objects.get(pk=stage.payment.pk)).values())
    if payable != under_way - still:
        raise Faults(f"payable {payable}, owed {still}, under way {under_way}")
    sent = sum(
        row.amount - row.goodwill
        for each in refunds
        if each.taken_at and each.state == Refund.State.SUCCEEDED
        for row in each.lines.all()
    )
    spent = Redemption.objects.aggregate(total=Sum("amount"))["total"] or 0
    if sent + spent > TOTAL:
        raise Faults(f"{sent} went back, {spent} was redeemed, {TOTAL} paid")


def _refund(refund: Refund) -> tuple[Any, ...]:
    lines = sorted(
        (row.gift.position if row.gift else 0, row.amount, row.from_owed, row.goodwill)
        for row in refund.lines.all()
    )
    taken = refund.taken_at is not None
    told = lines if taken else []
    return refund.refund_id, refund.state, refund.amount, refund.is_unclear, taken, told


def _books() -> dict[str, int]:
    sums = Posting.objects.values_list("account").annotate(total=Sum("amount"))
    return {account: total for account, total in sorted(sums) if total}
