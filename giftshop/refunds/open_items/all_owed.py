"""Everything that a brand owes back, by payment (owed.py says what that is)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max, Min, Q, Sum

from brands.models import Brand
from giftshop.orders.models import Gift
from giftshop.payments.models import Payment
from giftshop.refunds.models import Refund, RefundLine
from giftshop.refunds.owed import NEVER_SENT
from redemption.models import Account, JournalEntry, Posting


@dataclass
class OwedBack:
    """What is owed back to the payer of one payment; minor units."""

    payment: Payment
    currency: str
    since: datetime
    amount: int = 0
    is_under_way: bool = False
    """Somebody has asked for it, or the product itself has: Stripe is about to send it."""


def all_owed(brand: Brand) -> list[OwedBack]:
    """By payment, what has waited longest first. 6 queries, two where nothing ever was. Expects the brand's
    scope."""
    found: dict[Any, OwedBack] = {}
    _add_booked(brand, found)
    _add_refunds(found)
    open_ones = Refund.objects.open().filter(payment__in=found)
    under_way = set(open_ones.values_list("payment", flat=True)) if found else set()
    for key, each in found.items():
        each.is_under_way = key in under_way
    owing = [each for each in found.values() if each.amount > 0]
    return sorted(owing, key=lambda each: (each.since, each.payment.pk))


def _add_booked(brand: Brand, found: dict[Any, OwedBack]) -> None:
    """What came to be owed when gifts were voided and payments refused."""
    kinds = [JournalEntry.Kind.VOID, JournalEntry.Kind.REFUSED]
    booked = (
        Posting.objects.filter(
            account=Account.CUSTOMER_REFUNDS_PAYABLE, entry__brand=brand, entry__kind__in=kinds
        )
        .values_list("entry__kind", "code", "entry__reference", "currency")
        .annotate(total=-Sum("amount"), since=Min("entry__occurred_at"))
        .order_by("since")
    )
    rows = list(booked)
    if not rows:
        return
    codes = {code for _kind, code, *_ in rows if code}
    orders = dict(Gift.objects.filter(code__in=codes).values_list("code", "order"))
    credited = Refund.objects.credited().filter(credit__in=codes)
    orders |= dict(credited.values_list("credit", "payment__order"))
    refused = [ref.partition(":")[2] for kind, _o, ref, *_ in rows if kind == kinds[1]]
    payments = Payment.objects.select_related("order").filter(
        Q(order__in=set(orders.values()), state=Payment.State.PAID) | Q(pk__in=refused)
    )
    by_key: dict[Any, Payment] = {payment.pk: payment for payment in payments}
    by_order = {p.order_id: p for p in by_key.values() if p.state == Payment.State.PAID}
    for _kind, code, reference, currency, total, since in rows:
        of_order = orders.get(code) if code else None
        payment = by_order.get(of_order) if of_order else by_key.get(_key(reference, code))
        if payment:
            each = found.setdefault(payment.pk, OwedBack(payment, currency, since))
            each.amount += total


def _key(reference: str, code: UUID | None) -> int | None:
    """Of a refused payment."""
    return None if code else int(reference.partition(":")[2])


def _add_refunds(found: dict[Any, OwedBack]) -> None:
    """Less what refunds covered of it; and what came back from the bank is owed once more."""
    came_back = Q(refund__state=Refund.State.RETURNED)
    lines = (
        RefundLine.objects.filter(Q(from_owed__gt=0) | came_back)
        .exclude(refund__state__in=NEVER_SENT)
        .values("refund__payment")
        .annotate(
            covered=Sum("from_owed"),
            returned=Sum("amount", filter=came_back, default=0),
            since=Max("refund__over_at", filter=came_back),
        )
    )
    sums = {row["refund__payment"]: row for row in lines}
    unknown = [key for key, row in sums.items() if key not in found and row["returned"]]
    more = Payment.objects.select_related("order").filter(pk__in=unknown) if unknown else ()
    for payment in more:
        found[payment.pk] = OwedBack(payment, payment.currency, sums[payment.pk]["since"])
    for key, row in sums.items():
        if key in found:
            if row["covered"] >= found[key].amount and row["since"]:
                found[key].since = row["since"]
            found[key].amount += row["returned"] - row["covered"]
