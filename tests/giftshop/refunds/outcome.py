"""What came of a history: how all stands, and whether the books agree with Stripe and with themselves.

Read by statements of its own, which know nothing of how the product books and reads; owed() alone is the
product's, held against the books.
"""

import json
import re
from collections.abc import Mapping
from copy import copy
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection

from giftshop.orders.models import Order
from giftshop.payments.models import Payment
from giftshop.refunds.owed import owed
from redemption.ledger import verify


class Faults(Exception):
    """What does not agree."""


class Seen(NamedTuple):
    text: str
    """All that counts of what is written down: equal where whatever comes next does the same. JSON."""
    written: str
    """Of all that is written down: equal where nothing was."""


END = """
    (SELECT state FROM orders_order WHERE id = %(order)s),
    (SELECT json_agg(json_build_array(code.state, code.balance) ORDER BY at)
        FROM own LEFT JOIN redemption_code code ON code.id = own.code),
    (SELECT json_agg(json_build_array(
        refund_id, state, amount, is_unclear, taken_at IS NOT NULL,
        CASE WHEN taken_at IS NOT NULL THEN lines END
    ) ORDER BY refund_id, state, amount, lines::text) FROM refund),
    (SELECT json_agg(json_build_array(dispute_id, status, is_unclear) ORDER BY opened_at, dispute_id)
        FROM refunds_dispute WHERE payment_id = %(payment)s),
    (SELECT json_agg(warning_id ORDER BY made_at, warning_id)
        FROM refunds_fraudwarning WHERE payment_id = %(payment)s AND is_open),
    (SELECT json_agg(json_build_array(at, cause, regexp_replace(subject, '^refund:.*', 'refund'))
        ORDER BY at, cause, subject)
        FROM redemption_hold hold JOIN own ON own.code = hold.code_id WHERE hold.released_at IS NULL),
    (SELECT json_object_agg(account, total) FROM (
        SELECT account, sum(amount)::bigint AS total FROM redemption_posting
        WHERE brand_id = %(brand)s GROUP BY account HAVING sum(amount) <> 0 ORDER BY account) AS sums)
"""
NAMES = ("order", "gifts", "refunds", "disputes", "warnings", "holds", "books")
SUMS = """
    (SELECT fee FROM payments_payment WHERE id = %(payment)s),
    (SELECT coalesce(sum(amount), 0)::bigint FROM refund WHERE refund_id IS NOT NULL
        AND taken_at IS NULL AND state IN ('pending', 'succeeded')),
    (SELECT coalesce(sum(line.amount - line.goodwill), 0)::bigint
        FROM refund JOIN refunds_refundline line ON line.refund_id = refund.id
        WHERE taken_at IS NOT NULL AND state = 'succeeded'),
    (SELECT coalesce(sum(div(spent * (amount - discount), amount)), 0)::bigint FROM (
        SELECT sum(redemption.amount) AS spent, code.amount, code.discount
        FROM redemption_redemption redemption JOIN redemption_code code ON code.id = redemption.code_id
        WHERE redemption.brand_id = %(brand)s GROUP BY code.id) AS used),
    (SELECT total FROM orders_order WHERE id = %(order)s),
    (SELECT state FROM payments_payment WHERE id = %(payment)s)
"""
SUMMED = ("fee", "under_way", "sent", "spent", "paid", "state")
MORE = """
    (SELECT json_agg(json_build_array(
        coalesce(refund_id, id::text), origin, is_goodwill, decided_at IS NOT NULL, succeeded_at IS NOT NULL,
        failure, made_at, times_short, credit_id IS NOT NULL, lines
    ) ORDER BY made_at, amount, id) FROM refund),
    (SELECT json_agg(json_build_array(
        dispute_id, amount, reason, opened_at, withdrawn_at, decided_at IS NOT NULL
    ) ORDER BY opened_at, dispute_id) FROM refunds_dispute WHERE payment_id = %(payment)s),
    (SELECT json_agg(json_build_array(warning_id, cleared_at IS NOT NULL) ORDER BY made_at, warning_id)
        FROM refunds_fraudwarning WHERE payment_id = %(payment)s),
    (SELECT json_build_array(charge_id, payment_intent_id, problem)
        FROM payments_payment WHERE id = %(payment)s)
"""
ROWS = """
    (SELECT json_agg(json_build_array(at, cause, subject)) FROM redemption_hold hold
        JOIN own ON own.code = hold.code_id WHERE hold.released_at IS NULL),
    (SELECT json_agg(json_build_array(kind, reference, account, amount, code_id))
        FROM redemption_posting posting JOIN redemption_journalentry entry ON entry.id = posting.entry_id
        WHERE posting.brand_id = %(brand)s)
"""
"""In no order of their own: they name rows whose keys are others each time."""
OWN = """
    (SELECT json_object_agg(name, known) FROM (
        SELECT id AS name, refund_id AS known FROM refund WHERE refund_id IS NOT NULL
        UNION ALL SELECT code, 'code ' || at FROM own WHERE code IS NOT NULL) AS names)
"""
"""What each such key stands for."""
WRITTEN = """
    md5(concat(
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
LOOK = f"""
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
SELECT {END}, {SUMS}, {MORE}, {ROWS}, {OWN}, {WRITTEN}
"""  # the product's own names
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def look(order: Order, payment: Payment) -> Seen:
    """How all stands. 1 query."""
    with connection.cursor() as cursor:
        keys = {"order": order.pk, "payment": payment.pk, "brand": order.brand_id}
        cursor.execute(LOOK, keys)
        *told, holds, posted, own, written = map(_read, cursor.fetchone())
    own = own or {}
    rows = [
        sorted(UUID.sub(lambda key: own.get(key[0], key[0]), json.dumps(row)) for row in each or [])
        for each in (holds, posted)
    ]
    end, told = told[: len(NAMES)], told[len(NAMES) :]
    text = {
        "end": dict(zip(NAMES, end, strict=True)),
        "sums": dict(zip(SUMMED, told, strict=False)),
        "more": [*told[len(SUMMED) :], *rows],
    }
    return Seen(json.dumps(text), written)


@lru_cache
def end_of(text: str) -> Mapping[str, Any]:
    """Of a text, what must not depend on the order in which Stripe was heard."""
    told: Mapping[str, Any] = json.loads(text)["end"]
    return told


@lru_cache
def without_past(text: str) -> str:
    """All that an act can be refused for: not when it was, and by which entries."""
    told = json.loads(text)
    refunds = [[*row[:6], *row[7:]] for row in told["more"][0] or ()]
    return json.dumps([told["end"], told["sums"], refunds])


@lru_cache
def in_short(text: str) -> str:
    """What an act is refused for in most cases."""
    end = end_of(text)
    gifts = [(state, bool(left)) for state, left in end["gifts"]]
    holds = sorted({cause for _at, cause, _subject in end["holds"] or ()})
    refunds = end["refunds"] or ()
    is_unclear = any(is_unclear for _id, _state, _amount, is_unclear, *_ in refunds)
    return json.dumps([gifts, holds, is_unclear])


def _read(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) and value[:1] in "[{" else value


def judge(text: str, at_stripe: int) -> dict[str, Any]:
    """How it ends: what must not depend on the order in which Stripe was heard. Raises Faults where the books
    are not moved by as much as Stripe's balance, `at_stripe`, or more went than came."""
    told: Mapping[str, Any] = json.loads(text)
    end, sums = told["end"], told["sums"]
    books = end["books"] = end["books"] or {}
    if sums["fee"] is not None and books.get("stripe_clearing", 0) != at_stripe:
        raise Faults(f"stripe_clearing {books}, at Stripe {at_stripe}")
    if sums["sent"] + sums["spent"] > sums["paid"]:
        raise Faults(f"{sums['sent']} went back, {sums['spent']} redeemed, {sums['paid']} paid")
    return dict(end)


def prove(text: str, payment: Payment, *, whole: bool) -> list[str]:
    """What is still owed, as the product says. Raises Faults where the books don't say the same, or the
    database would refuse them. `whole`: the ledger is verified, too."""
    told: Mapping[str, Any] = json.loads(text)
    sums, books = told["sums"], told["end"]["books"] or {}
    payment = copy(payment)
    payment.state = sums["state"]
    still = owed(payment)
    payable = books.get("refunds", 0)
    if payable != sums["under_way"] - sum(still.values()):
        raise Faults(f"payable {payable}, owed {dict(still)}, under way {sums['under_way']}")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    for each in verify.CHECKS if whole else ():
        for difference in verify.differences(each):
            raise Faults(str(difference))
    return sorted(map(str, still.values()))
