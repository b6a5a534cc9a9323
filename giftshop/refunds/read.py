"""What became of a paid charge, from Stripe's fresh answer: every refund, dispute and warning, by whomever.

Each event about a charge ends here, with the charge as it stands now, so that the order in which events come,
and how often, changes nothing. One thing alone the fresh state does not tell: whether a refund that failed
had arrived before. An event that saw it arrive says so (`arrived`).
"""

from collections.abc import Set
from datetime import datetime

from django.db import transaction
from django_scopes import scope, scopes_disabled

from giftshop.orders.models import Order
from giftshop.payments.event_types import WaitsForPayment
from giftshop.payments.models import Payment
from giftshop.payments.stripe.charge_state import ChargeState
from giftshop.refunds.charge import read_disputes, read_refunds, read_warnings
from giftshop.refunds.charge.case import Case

NOBODY: Set[str] = frozenset()


def record(*, state: ChargeState, arrived: Set[str] = NOBODY, now: datetime) -> Payment | None:
    """Write down what Stripe says of a charge; harmless when repeated. None when it is not one of ours.

    `arrived`: ids of refunds that were seen to succeed. Raises WaitsForPayment while its payment is not
    settled.
    """
    with transaction.atomic():
        with scopes_disabled():
            payment_id = _find_and_lock(state)
            if payment_id is None:
                return None
            # Read once the order is ours: whoever had it before may have changed its payment.
            payment = Payment.objects.select_related("brand").get(pk=payment_id)
        with scope(brand=payment.brand):
            _read(payment, state, arrived, now)
    return payment


def _read(payment: Payment, state: ChargeState, arrived: Set[str], now: datetime) -> None:
    if payment.state not in {Payment.State.PAID, Payment.State.REFUSED}:
        raise WaitsForPayment
    case = Case(payment=payment, state=state, now=now)
    read_refunds.read(case, arrived)
    read_disputes.read(case)
    read_warnings.read(case)


def _find_and_lock(state: ChargeState) -> int | None:
    """Its payment, whose order is locked from then on. 1 query for a charge that is known here. Expects
    scopes to be disabled."""
    orders = Order.objects.locked().order_by("payments")
    known = orders.filter(payments__charge_id=state.id).values_list("payments", flat=True).first()
    if known:
        return known
    found = None
    if state.payment_intent_id:
        found = Payment.objects.filter(payment_intent_id=state.payment_intent_id).first()
    found = found or Payment.objects.of_attempt(state.order_id, state.attempt).first()
    if found is None:
        return None
    Order.objects.locked().get(pk=found.order_id)
    return found.pk
