"""An order of two gifts that was paid at the double, and what banks and people do to its charge."""

from collections.abc import Callable
from typing import Any

import pytest
import stripe

from giftshop.orders.models import Gift, Order
from giftshop.outbox.models import Message
from giftshop.outbox.topics import Topic
from giftshop.payments import settle
from giftshop.payments.models import Payment
from giftshop.refunds import subscribers
from sandbox.stripe_double import StripeDouble
from tests.giftshop.payments.conftest import (
    double,
    events,
    opened,
    order,
    session_of,
    tell,
    work_off,
)

__all__ = ["double", "opened", "order", "tell"]


@pytest.fixture
def paid(double: StripeDouble, opened: Payment) -> Payment:
    """Settled: Ben's and Cleo's gifts have their codes."""
    double.pay(session_of(opened))
    settle.settle(session_id=session_of(opened))
    opened.refresh_from_db()
    return opened


@pytest.fixture
def gifts(paid: Payment) -> list[Gift]:
    return list(paid.order.gifts.with_everything())


@pytest.fixture
def sdk(double: StripeDouble) -> stripe.StripeClient:
    return stripe.StripeClient("sk_test_payments", base_addresses={"api": double.url})


Hear = Callable[..., int]


@pytest.fixture
def hear(double: StripeDouble, tell: Any) -> Hear:
    """hear() -> all that Stripe has to tell by now comes in, in the order that is asked for, and is read."""

    def all_of_it(arrange: Callable[[list[Any]], list[Any]] = list) -> int:
        for event in arrange(events(double)):
            assert tell(event).status_code == 200
        return work_off()

    return all_of_it


def send_asked() -> None:
    """What the outbox would: each refund that was asked for is sent to Stripe."""
    for message in Message.objects.filter(topic=Topic.REFUND_ASKED, done_at=None).order_by("pk"):
        subscribers.send_refund(message)


def states(order: Order) -> list[tuple[str, int]]:
    return [
        (gift.code.state, gift.code.balance) for gift in order.gifts.with_everything() if gift.code
    ]
