"""The fee of a payment: what Stripe kept of it, known with the payment or listed later, booked once."""

from datetime import datetime

from django.db import transaction
from django_scopes import scope

from giftshop.orders.models import Order
from giftshop.payments.models import Payment
from redemption.ledger.posting import Leg, post
from redemption.models import Account, JournalEntry


def record(*, payment: Payment, fee: int, currency: str, now: datetime) -> None:
    """Post what Stripe kept of a paid attempt, once. `fee` in minor units of `currency`."""
    with scope(brand=payment.brand), transaction.atomic():
        Order.lock(payment.order_id)
        waiting = (
            Payment.objects.without_fee().select_related("brand").filter(pk=payment.pk).first()
        )
        if waiting:
            book(waiting, fee, currency, now)


def book(payment: Payment, fee: int, currency: str, now: datetime) -> None:
    """Stripe keeps its fee out of what it pays us, in the currency it pays us in. The caller holds the
    order."""
    payment.fee = fee
    payment.save(update_fields=["fee"])
    if fee:
        post(
            brand=payment.brand,
            kind=JournalEntry.Kind.FEE,
            reference=f"payment:{payment.pk}",
            currency=currency,
            legs=[Leg(Account.STRIPE_FEES, fee), Leg(Account.STRIPE_CLEARING, -fee)],
            now=now,
        )
