"""What came of a history: how it ends, and whether the books agree with Stripe and with themselves."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import Sum

from giftshop.orders.models import Gift
from giftshop.payments.models import Payment
from giftshop.refunds.models import Dispute, FraudWarning, Refund
from giftshop.refunds.owed import owed
from redemption.ledger import verify
from redemption.models import Account, Hold, Posting, Redemption
from tests.giftshop.refunds.stage import PAYABLE, TOTAL, Faults, Stage


def judge(stage: Stage, *, whole: bool) -> dict[str, Any]:
    """How it ends: what must not depend on the order in which Stripe was heard. Raises Faults where the books
    don't agree. `whole`: the ledger is proved, too."""
    payment = Payment.objects.select_related("order").get(pk=stage.payment.pk)
    refunds = list(Refund.objects.prefetch_related("lines__gift").select_related("credit"))
    gifts = list(Gift.objects.filter(order=stage.order).select_related("code").order_by("position"))
    codes = [gift.code for gift in gifts] + [each.credit for each in refunds if each.credit]
    names = {code.pk: number for number, code in enumerate(codes) if code}
    still, books = owed(payment), _books()
    _check_balance(stage, payment, books)
    _check_owed(refunds, sum(still.values()), books)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    for each in verify.CHECKS if whole else ():
        for difference in verify.differences(each):
            raise Faults(str(difference))
    return {
        "order": payment.order.state,
        "gifts": [(code.state, code.balance) if code else None for code in codes],
        "refunds": sorted(map(str, map(_refund, refunds))),
        "disputes": sorted(Dispute.objects.values_list("dispute_id", "status", "is_unclear")),
        "warnings": sorted(FraudWarning.objects.filter(is_open=True).values_list("warning_id")),
        "holds": sorted(
            (names[code], cause, re.sub("^refund:.*", "refund", subject))
            for code, cause, subject in Hold.objects.open().values_list("code", "cause", "subject")
        ),
        "owed": sorted(map(str, still.values())),
        "books": books,
    }


def _check_balance(stage: Stage, payment: Payment, books: Mapping[str, int]) -> None:
    moved = stage.double.totals("order_id", [str(stage.order.pk)])
    at_stripe = moved["usd"].net if moved else 0
    if payment.fee is not None and books.get(Account.STRIPE_CLEARING, 0) != at_stripe:
        raise Faults(f"stripe_clearing {books}, at Stripe {at_stripe}")


def _check_owed(refunds: Sequence[Refund], still: int, books: Mapping[str, int]) -> None:
    under_way = sum(
        each.amount
        for each in refunds
        if each.refund_id
        and each.taken_at is None
        and each.state in {Refund.State.PENDING, Refund.State.SUCCEEDED}
    )
    payable = books.get(PAYABLE, 0)
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
