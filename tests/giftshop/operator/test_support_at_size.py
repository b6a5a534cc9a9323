"""What support reads to find an order, and what waits for it, does not grow with what all brands sold."""

from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from giftshop.operator.support import search
from giftshop.orders.models import Gift
from giftshop.outbox.models import Message
from giftshop.payments.models import Payment
from tests.giftshop.counter import many_gifts
from tests.giftshop.counter.plans import scans

GIFTS = 4_000
READ_MAX = 200

PAYMENTS = """
INSERT INTO payments_payment (brand_id, order_id, attempt, state, url_ciphertext, payment_intent_id,
       charge_id, amount, currency, expires_at, opened_at, asked_at, settled_at, problem)
SELECT brand_id, id, 1, 'expired', '', 'pi_' || replace(id::text, '-', ''),
       'ch_' || replace(id::text, '-', ''), total, currency, placed_at, placed_at, placed_at, placed_at, ''
  FROM orders_order
"""
MESSAGES = """
INSERT INTO outbox_message (id, topic, subscriber, brand_id, payload, available_at, occurred_at,
       attempts, error)
SELECT gen_random_uuid(), 'gift.ready', 'delivery.gift', brand_id, jsonb_build_object('gift_id', id),
       now() + interval '1 month', now(), 0, ''
  FROM orders_gift
"""


@pytest.fixture
def many(gift: Gift) -> Gift:
    """Ben's, beside very many, each paid by a payment of its own and waiting for its day."""
    Message.objects.update(done_at=timezone.now())
    many_gifts.many_gifts(gift, GIFTS)
    with connection.cursor() as cursor:
        cursor.execute(PAYMENTS)
        cursor.execute(MESSAGES)
        cursor.execute("ANALYZE; SET LOCAL enable_seqscan = off")
    return gift


def read_by(work: Callable[[], object]) -> float:
    """Rows; endless where a table is read as a whole."""
    found = scans(work)
    assert found
    whole = any(scan.kind == "Seq Scan" and scan.rows > READ_MAX for scan in found)
    return float("inf") if whole else sum(scan.rows for scan in found)


def without(index: str, work: Callable[[], object]) -> float:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX {index}")
        read = read_by(work)
        transaction.set_rollback(True)
    return read


def test_an_order_and_what_waits_for_it_are_found_along_indexes(many: Gift) -> None:
    """Without any of these indexes they would not be."""
    assert many.code
    with scope(brand=many.order.brand):
        payment = Payment.objects.get(order=many.order)
    found = {
        "order_by_number": many.order.number,
        "order_by_address": many.order.sender_email,
        "recipient_by_address": many.recipient.email,
        "code_by_last_four": many.code.last4,
        "payment_intent": payment.payment_intent_id,
        "payment_charge": payment.charge_id,
        "": str(many.pk),
    }
    works = {index: _find(text) for index, text in found.items()}
    works["outbox_waits_about"] = lambda: list(Message.objects.about([str(many.pk)]))
    with scopes_disabled():
        read = {index: read_by(work) for index, work in works.items()}
        controls = {index: without(index, work) for index, work in works.items() if index}
    assert {index: rows for index, rows in read.items() if rows > READ_MAX} == {}
    assert {index: rows for index, rows in controls.items() if rows <= READ_MAX} == {}


def _find(text: str) -> Callable[[], object]:
    return lambda: search.find(text)
