"""From paid to promised: codes, postings and outbox rows in one commit, once per order."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from brands.models import Brand
from giftshop.friends import salutation
from giftshop.offers import purchase
from giftshop.offers.use import UseRefused
from giftshop.orders.models import Order
from giftshop.outbox.outbox import emit_all
from giftshop.outbox.topics import Topic
from redemption.codes import issue
from redemption.models import Code

FIRST_LOOK_AFTER = timedelta(days=7)
"""After it arrives: what is said of gifts that nobody opened begins a week later (giftshop/reminders)."""


class PaymentMismatchError(Exception):
    """What was paid is not what this order asked for. Nothing is issued."""


@dataclass(frozen=True)
class PaidCheckout:
    """What Stripe says was paid, whoever asked: webhook, success page or sweep."""

    amount: int
    currency: str
    livemode: bool
    expected_livemode: bool


def mark_paid(
    *, brand: Brand, order_id: UUID, paid: PaidCheckout, now: datetime | None = None
) -> Order:
    """Issue the codes of the brand's order and promise their delivery. Expects its scope.

    Runs inside the caller's transaction, so that the payment's own row commits with it. Once: a
    second call answers the paid order. Raises PaymentMismatchError, and issues nothing, when amount,
    currency or mode differ, or when the order was cancelled meanwhile.
    """
    now = now or timezone.now()
    with transaction.atomic():
        order = Order.lock(order_id)
        order.brand = brand
        if order.state == Order.State.PAID:
            return order
        fulfil(order, paid, now)
    return order


def fulfil(order: Order, paid: PaidCheckout, now: datetime) -> None:
    """As mark_paid(), by a caller who holds the order, with its brand, and has seen that it waits."""
    _compare(order, paid)
    specs = _specs(order)
    if order.offer_id:
        _give_on_top(order, order.offer_id, now)
    codes = _issue_codes(order, specs, now)
    order.state, order.paid_at = Order.State.PAID, now
    _write(order, codes, now)
    _promise(order, specs, now)


def _compare(order: Order, paid: PaidCheckout) -> None:
    if order.state == Order.State.CANCELLED:
        raise PaymentMismatchError("the order was cancelled before it was paid")
    if (paid.amount, paid.currency.upper()) != (order.total, order.currency):
        raise PaymentMismatchError(
            f"asked for {order.total} {order.currency}, paid {paid.amount} {paid.currency.upper()}"
        )
    if paid.livemode != paid.expected_livemode:
        raise PaymentMismatchError(f"livemode is {paid.livemode}")


def _give_on_top(order: Order, offer_id: UUID, now: datetime) -> None:
    """First: where it can't be given any more, nothing was written yet."""
    try:
        purchase.give(order_id=order.pk, offer_id=offer_id, discount=order.discount, now=now)
    except UseRefused as refused:
        raise PaymentMismatchError(f"its offer was not there any more: {refused}") from None


def _specs(order: Order) -> dict[UUID, issue.CodeSpec]:
    """What the code of each gift is to be good for, in their order: by the gift's id. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT gift.id, gift.label, gift.amount, gift.discount, gift.kind, gift.option_list_id,"
            " gift.picks, gift.deliver_at,"
            " CASE WHEN recipient.erased_at IS NULL THEN recipient.name ELSE '' END"
            " FROM orders_gift gift JOIN orders_recipient recipient ON recipient.id = gift.recipient_id"
            " WHERE gift.order_id = %s ORDER BY gift.position",
            [order.pk],
        )
        return {
            gift: issue.CodeSpec(
                reference=f"gift:{gift}",
                label=label,
                amount=amount,
                discount=discount,
                kind=Code.Kind(kind),
                option_list_id=option_list,
                picks=json.loads(picks),
                recipient_name=salutation.short_name(name),
                arrives_at=deliver_at,
            )
            for gift, label, amount, discount, kind, option_list, picks, deliver_at, name in cursor
        }


def _issue_codes(
    order: Order, specs: Mapping[UUID, issue.CodeSpec], now: datetime
) -> dict[UUID, UUID]:
    """Their ids by the gift's."""
    codes = issue.issue_first(
        brand=order.brand,
        reference=f"order:{order.pk}",
        origin=Code.Origin.PAID,
        specs=list(specs.values()),
        now=now,
    )
    return {gift: code.pk for gift, code in zip(specs, codes, strict=True)}


def _write(order: Order, codes: Mapping[UUID, UUID], now: datetime) -> None:
    """That it is paid; of each gift its code, and when to look first whether somebody is to be reminded. One
    short statement: bulk_update's grows with each gift, and costs ten times as much."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH paid AS (UPDATE orders_order SET state = %s, paid_at = %s WHERE id = %s)"
            " UPDATE orders_gift SET code_id = made.code,"
            " remind_at = GREATEST(%s::timestamptz, deliver_at) + make_interval(secs => %s)"
            " FROM unnest(%s::uuid[], %s::uuid[]) AS made (gift, code) WHERE id = made.gift",
            [
                str(order.state),
                order.paid_at,
                order.pk,
                now,
                FIRST_LOOK_AFTER.total_seconds(),
                list(codes),
                list(codes.values()),
            ],
        )


def _promise(order: Order, specs: Mapping[UUID, issue.CodeSpec], now: datetime) -> None:
    emit_all(
        brand_id=order.brand_id,
        told=[
            (Topic.ORDER_PAID, {"order_id": str(order.pk)}, None),
            *(
                (Topic.GIFT_READY, {"gift_id": str(gift)}, spec.arrives_at)
                for gift, spec in specs.items()
            ),
        ],
        now=now,
    )
