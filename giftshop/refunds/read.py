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
    with scopes_disabled():
        found = _find(state)
    if found is None:
        return None
    with scope(brand=found.brand), transaction.atomic():
        order = Order.objects.locked().get(pk=found.order_id)
        payment = Payment.objects.get(pk=found.pk)
        payment.order, payment.brand, order.brand = order, found.brand, found.brand
        if payment.state not in {Payment.State.PAID, Payment.State.REFUSED}:
            raise WaitsForPayment
        case = Case(payment=payment, state=state, now=now)
        read_refunds.read(case, arrived)
        read_disputes.read(case)
        read_warnings.read(case)
    return payment


def _find(state: ChargeState) -> Payment | None:
    payments = Payment.objects.select_related("brand")
    known = payments.filter(charge_id=state.id).first()
    if known is None and state.payment_intent_id:
        known = payments.filter(payment_intent_id=state.payment_intent_id).first()
    return known or payments.of_attempt(state.order_id, state.attempt).first()
