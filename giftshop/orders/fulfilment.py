"""From paid to promised: codes, postings and outbox rows in one commit, once per order."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from giftshop.offers import purchase
from giftshop.offers.use import UseRefused
from giftshop.orders.models import Gift, Order
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


def mark_paid(*, order_id: UUID, paid: PaidCheckout, now: datetime | None = None) -> Order:
    """Issue the order's codes and promise their delivery. Expects the brand's scope.

    Runs inside the caller's transaction, so that the payment's own row commits with it. Once: a
    second call answers the paid order. Raises PaymentMismatchError, and issues nothing, when amount,
    currency or mode differ, or when the order was cancelled meanwhile.
    """
    now = now or timezone.now()
    with transaction.atomic():
        order = (
            Order.objects.select_related("brand")
            .select_for_update(of=("self",), no_key=True)
            .get(pk=order_id)
        )
        if order.state == Order.State.PAID:
            return order
        fulfil(order, paid, now)
    return order


def fulfil(order: Order, paid: PaidCheckout, now: datetime) -> None:
    """As mark_paid(), by a caller who holds the order, with its brand, and has seen that it waits."""
    _compare(order, paid)
    gifts = list(
        order.gifts.select_related("recipient")
        .only(*_WANTED)
        .order_by("position")  # what a code needs
    )
    if order.offer_id:
        _give_on_top(order, order.offer_id, now)
    codes = _issue_codes(order, gifts, now)
    order.state, order.paid_at = Order.State.PAID, now
    _write(order, codes, now)
    _promise(order, gifts, now)


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


_WANTED = (
    *("order", "label", "amount", "discount", "kind", "picks", "option_list", "deliver_at"),
    *("recipient__name", "recipient__erased_at"),
)


def _issue_codes(order: Order, gifts: list[Gift], now: datetime) -> dict[UUID, UUID]:
    """Their ids by the gift's."""
    codes = issue.issue_first(
        brand=order.brand,
        reference=f"order:{order.pk}",
        origin=Code.Origin.PAID,
        specs=[
            issue.CodeSpec(
                reference=f"gift:{gift.pk}",
                label=gift.label,
                amount=gift.amount,
                discount=gift.discount,
                kind=Code.Kind(gift.kind),
                option_list_id=gift.option_list_id,
                picks=gift.picks,
                recipient_name="" if gift.recipient.erased_at else gift.recipient.short_name,
                arrives_at=gift.deliver_at,
            )
            for gift in gifts
        ],
        now=now,
    )
    return {gift.pk: code.pk for gift, code in zip(gifts, codes, strict=True)}


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


def _promise(order: Order, gifts: list[Gift], now: datetime) -> None:
    emit_all(
        brand_id=order.brand_id,
        told=[
            (Topic.ORDER_PAID, {"order_id": str(order.pk)}, None),
            *((Topic.GIFT_READY, {"gift_id": str(gift.pk)}, gift.deliver_at) for gift in gifts),
        ],
        now=now,
    )
