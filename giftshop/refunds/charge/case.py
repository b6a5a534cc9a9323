"""A charge while it is read: what Stripe says of it, its payment, and the gifts that it paid for."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from brands.models import Brand
from giftshop.orders.models import Gift
from giftshop.payments.models import Payment
from giftshop.payments.stripe.charge_state import ChargeState
from giftshop.refunds.credit.worth import with_worth


@dataclass(frozen=True)
class Case:
    """Its order is locked until commit."""

    payment: Payment
    state: ChargeState
    now: datetime

    @property
    def brand(self) -> Brand:
        return self.payment.brand

    @cached_property
    def gifts(self) -> list[Gift]:
        """With the codes on which their worth is now; none for a payment that paid for nothing."""
        if self.payment.state != Payment.State.PAID:
            return []
        gifts = self.payment.order.gifts.filter(code__isnull=False)
        return with_worth(gifts.order_by("position"))

    @property
    def code_ids(self) -> list[UUID]:
        return [gift.code_id for gift in self.gifts if gift.code_id]
