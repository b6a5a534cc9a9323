"""Orders that nobody paid, and what hangs on them: recipients' names and addresses among it."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from giftshop.delivery.models import Delivery
from giftshop.orders.models import Gift, Order, Recipient
from giftshop.payments.models import Payment


def over(cutoff: datetime) -> Q:
    """Unpaid ones with which nothing can happen any more: each try to pay ended without money before the
    cutoff, nothing was issued, nothing was mailed."""
    tries = Payment.objects.filter(order=OuterRef("pk"))
    alive = tries.exclude(state=Payment.State.EXPIRED, settled_at__lt=cutoff)
    gifts = Gift.objects.filter(order=OuterRef("pk"))
    used = gifts.filter(Q(code__isnull=False) | Exists(_mailed("gift", OuterRef("pk"))))
    mailed = Q(Exists(_mailed("order", OuterRef("pk"))))
    # In one bracket it is asked of each order; as a join it might read all that was ever mailed.
    wanted = ~Q(state=Order.State.PAID) & ~(Q(state=Order.State.PAID) | mailed)
    for use in (alive, used):
        wanted &= ~Q(Exists(use))
    return wanted


def _mailed(kind: str, pk: OuterRef) -> QuerySet[Delivery]:
    return Delivery.objects.filter(subject=Concat(Value(f"{kind}:"), Cast(pk, CharField())))


def forget(keys: list[Any], *, cutoff: datetime) -> int:
    """Delete those of them that are still over, with gifts, recipients and tries to pay; how many went. One
    transaction of seven statements. Who is locked by somebody else, a payment that settles, waits for the
    next time. Expects scopes to be disabled."""
    with transaction.atomic(durable=True):
        # Locked first and judged after: what is read with the lock may be older than it.
        free = Order.objects.select_for_update(of=("self",), skip_locked=True).filter(pk__in=keys)
        locked = list(free.values_list("pk", flat=True))
        orders = Order.objects.filter(over(cutoff), pk__in=locked, placed_at__lt=cutoff)
        gone = list(orders.values_list("pk", flat=True))
        if not gone:
            return 0
        gifts = Gift.objects.filter(order__in=gone)
        recipients = list(gifts.values_list("recipient_id", flat=True))
        Payment.objects.filter(order__in=gone)._raw_delete("default")
        gifts._raw_delete("default")
        Recipient.objects.filter(pk__in=recipients, gifts=None)._raw_delete("default")
        return int(Order.objects.filter(pk__in=gone)._raw_delete("default"))
