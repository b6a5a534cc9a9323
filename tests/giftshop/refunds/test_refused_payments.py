"""A payment that fits no order is booked with its fee, goes back once, and leaves nothing owed."""

import pytest
import stripe
from django.core.management import call_command

from giftshop.orders.models import Order
from giftshop.outbox.models import Message
from giftshop.outbox.topics import Topic
from giftshop.payments import settle
from giftshop.payments.models import Payment
from giftshop.refunds.models import Refund
from giftshop.refunds.subscribers import send_back
from redemption.models import Account
from sandbox.stripe_double import StripeDouble
from tests.giftshop.payments.conftest import session_of
from tests.giftshop.refunds.conftest import Hear, send_asked
from tests.redemption.books import balances

pytestmark = pytest.mark.usefixtures("in_brand")


def test_it_is_booked_owed_and_sent_back_once(
    double: StripeDouble, opened: Payment, order: Order, sdk: stripe.StripeClient, hear: Hear
) -> None:
    double.pay(session_of(opened))
    Order.objects.filter(pk=order.pk).update(total=1)
    settle.settle(session_id=session_of(opened))
    fee = balances()[Account.STRIPE_FEES]
    assert balances() == {
        Account.STRIPE_CLEARING: 1300 - fee,
        Account.STRIPE_FEES: fee,
        Account.CUSTOMER_REFUNDS_PAYABLE: -1300,
    }
    message = Message.objects.get(topic=Topic.PAYMENT_REFUSED)
    for _ in range(2):
        send_back(message)
        send_asked()
    hear()
    assert [refund.amount for refund in sdk.v1.refunds.list().data] == [1300]
    found = Refund.objects.get()
    assert (found.state, found.origin) == (Refund.State.SUCCEEDED, Refund.Origin.PAYMENT)
    assert balances() == {Account.STRIPE_CLEARING: -fee, Account.STRIPE_FEES: fee}
    call_command("verify_ledger")
