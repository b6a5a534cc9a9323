"""What came of a history: how it ends, and whether the books agree with Stripe and with themselves.

Read by statements of its own, which know nothing of how the product books and reads; owed() alone is the
product's, held against the books.
"""

import json
from collections.abc import Mapping
from copy import copy
from typing import Any, NamedTuple, Protocol

from django.db import connection

from giftshop.orders.models import Order
from giftshop.payments.models import Payment
from giftshop.refunds.owed import owed
from redemption.ledger import verify
from sandbox.stripe_double import StripeDouble


class Faults(Exception):
    """What does not agree."""


class Stage(Protocol):
    """What is looked at (stage.py)."""

    double: StripeDouble
    order: Order
    payment: Payment


END = """
WITH own AS (
    SELECT position::bigint AS at, code_id AS code FROM orders_gift WHERE order_id = %(order)s
    UNION ALL
    SELECT 100 + row_number() OVER (ORDER BY asked_at), credit_id FROM refunds_refund
    WHERE payment_id = %(payment)s AND credit_id IS NOT NULL
), refund AS (
    SELECT refund.*, (
        SELECT json_agg(json_build_array(
            coalesce(gift.position, 0), line.amount, line.from_owed, line.goodwill
        ) ORDER BY gift.position, line.amount, line.from_owed, line.goodwill)
        FROM refunds_refundline line LEFT JOIN orders_gift gift ON gift.id = line.gift_id
        WHERE line.refund_id = refund.id
    ) AS lines FROM refunds_refund refund WHERE payment_id = %(payment)s
)
SELECT
    (SELECT state FROM orders_order WHERE id = %(order)s),
    (SELECT json_agg(json_build_array(code.state, code.balance) ORDER BY at)
        FROM own LEFT JOIN redemption_code code ON code.id = own.code),
    (SELECT json_agg(json_build_array(
        refund_id, state, amount, is_unclear, taken_at IS NOT NULL,
        CASE WHEN taken_at IS NOT NULL THEN lines END
    ) ORDER BY refund_id, state, amount, lines::text) FROM refund),
    (SELECT json_agg(json_build_array(dispute_id, status, is_unclear) ORDER BY dispute_id)
        FROM refunds_dispute WHERE payment_id = %(payment)s),
    (SELECT json_agg(warning_id ORDER BY warning_id)
        FROM refunds_fraudwarning WHERE payment_id = %(payment)s AND is_open),
    (SELECT json_agg(json_build_array(at, cause, regexp_replace(subject, '^refund:.*', 'refund'))
        ORDER BY at, cause, subject)
        FROM redemption_hold hold JOIN own ON own.code = hold.code_id WHERE hold.released_at IS NULL),
    (SELECT json_object_agg(account, total) FROM (
        SELECT account, sum(amount)::bigint AS total FROM redemption_posting
        WHERE brand_id = %(brand)s GROUP BY account HAVING sum(amount) <> 0 ORDER BY account) AS sums),
    (SELECT fee FROM payments_payment WHERE id = %(payment)s),
    (SELECT coalesce(sum(amount), 0)::bigint FROM refund WHERE refund_id IS NOT NULL
        AND taken_at IS NULL AND state IN ('pending', 'succeeded')),
    (SELECT coalesce(sum(line.amount - line.goodwill), 0)::bigint
        FROM refund JOIN refunds_refundline line ON line.refund_id = refund.id
        WHERE taken_at IS NOT NULL AND state = 'succeeded'),
    (SELECT coalesce(sum(amount), 0)::bigint FROM redemption_redemption WHERE brand_id = %(brand)s),
    (SELECT total FROM orders_order WHERE id = %(order)s),
    (SELECT state FROM payments_payment WHERE id = %(payment)s)
"""
NAMES = ("order", "gifts", "refunds", "disputes", "warnings", "holds", "books")
ALL = """
SELECT md5(concat(
    (SELECT payment::text FROM payments_payment payment WHERE id = %(payment)s),
    (SELECT orders_order::text FROM orders_order WHERE id = %(order)s),
    (SELECT string_agg(gift::text, ' ' ORDER BY id) FROM orders_gift gift WHERE order_id = %(order)s),
    (SELECT string_agg(r::text, ' ' ORDER BY id) FROM refunds_refund r),
    (SELECT string_agg(r::text, ' ' ORDER BY id) FROM refunds_refundline r),
    (SELECT string_agg(r::text, ' ' ORDER BY id) FROM refunds_dispute r),
    (SELECT string_agg(r::text, ' ' ORDER BY id) FROM refunds_fraudwarning r),
    (SELECT string_agg(r::text, ' ' ORDER BY id) FROM redemption_hold r),
    (SELECT string_agg(r::text, ' ' ORDER BY id) FROM redemption_code r),
    (SELECT string_agg(r.id::text, ' ' ORDER BY id) FROM redemption_journalentry r),
    (SELECT count(*) FROM redemption_auditentry),
    (SELECT count(*) FROM outbox_message)
))
"""


class Stands(NamedTuple):
    """What a cheap look says of an order: see `STANDS`."""

    gifts: list[str]
    waiting: set[str]


STANDS = """
SELECT
    (SELECT json_agg(CASE WHEN code.state <> 'on_hold' THEN code.state WHEN EXISTS (
            SELECT FROM redemption_hold hold WHERE hold.code_id = code.id AND hold.released_at IS NULL
                AND hold.cause <> 'hand'
        ) THEN 'on_hold' ELSE 'hand' END ORDER BY gift.position)
        FROM orders_gift gift JOIN redemption_code code ON code.id = gift.code_id
        WHERE gift.order_id = %(order)s),
    array_remove(ARRAY[
        (SELECT min('choose') FROM refunds_refund WHERE payment_id = %(payment)s AND is_unclear),
        (SELECT min('send') FROM refunds_refund WHERE payment_id = %(payment)s AND state = 'asked'),
        (SELECT min('lost') FROM refunds_dispute WHERE payment_id = %(payment)s AND is_unclear),
        (SELECT min('clear') FROM refunds_fraudwarning WHERE payment_id = %(payment)s AND is_open),
        (SELECT min('dispute') FROM refunds_dispute WHERE payment_id = %(payment)s AND over_at IS NULL)
    ], NULL)
"""
"""The state of each gift's code, "hand" for one that only a manager holds; and what waits for somebody."""


def stands(stage: Stage) -> Stands:
    """None of its gifts before it is paid."""
    gifts, waiting = _row(stage, STANDS)
    return Stands(gifts or [], set(waiting))


def digest(stage: Stage) -> str:
    """Of all that is written down of the order: equal where nothing was changed."""
    return str(_row(stage, ALL)[0])


def judge(stage: Stage, *, whole: bool) -> dict[str, Any]:
    """How it ends: what must not depend on the order in which Stripe was heard. Raises Faults where the books
    don't agree. `whole`: the ledger is proved, too."""
    told = _row(stage, END)
    end = dict(zip(NAMES, told, strict=False))
    fee, under_way, sent, spent, paid, state = told[len(NAMES) :]
    books: Mapping[str, int] = end["books"] or {}
    moved = stage.double.totals("order_id", [str(stage.order.pk)])
    at_stripe = moved["usd"].net if moved else 0
    if fee is not None and books.get("stripe_clearing", 0) != at_stripe:
        raise Faults(f"stripe_clearing {books}, at Stripe {at_stripe}")
    payment = copy(stage.payment)
    payment.state = state
    still = owed(payment)
    payable = books.get("refunds", 0)
    if payable != under_way - sum(still.values()):
        raise Faults(f"payable {payable}, owed {dict(still)}, under way {under_way}")
    if sent + spent > paid:
        raise Faults(f"{sent} went back, {spent} was redeemed, {paid} paid")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    for each in verify.CHECKS if whole else ():
        for difference in verify.differences(each):
            raise Faults(str(difference))
    return {**end, "owed": sorted(map(str, still.values()))}


def _row(stage: Stage, sql: str) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            sql,
            {
                "order": stage.order.pk,
                "payment": stage.payment.pk,
                "brand": stage.order.brand_id,
            },
        )
        row: tuple[Any, ...] = cursor.fetchone()
    return tuple(
        json.loads(each) if isinstance(each, str) and each[:1] in "[{" else each for each in row
    )
