"""A charge while it is read: what Stripe says of it, its payment, and what is kept of it by now.

What is kept is read once, when it is first asked for: most events about a charge tell nothing new, and cost
those looks and no more. Whoever changes codes, holds or lines says so by forget().
"""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from brands.models import Brand
from giftshop.orders.models import Gift
from giftshop.payments.models import Payment
from giftshop.payments.stripe.charge_state import ChargeState
from giftshop.refunds.credit.worth import on_credits
from giftshop.refunds.models import Dispute, FraudWarning, Refund, RefundLine
from redemption.codes import hold
from redemption.codes.acts import Left, lock_left
from redemption.ledger import stripe_lines
from redemption.models import Code

Kept = Refund | Dispute | FraudWarning


@dataclass
class Case:
    """Its order is locked until commit."""

    payment: Payment
    state: ChargeState
    now: datetime
    _as_kept: dict[int, dict[str, Any]] = field(default_factory=dict)

    @property
    def brand(self) -> Brand:
        return self.payment.brand

    @cached_property
    def refunds(self) -> list[Refund]:
        return [self.know(row) for row in Refund.objects.filter(payment=self.payment)]

    @cached_property
    def disputes(self) -> dict[str, Dispute]:
        """By Stripe's id."""
        kept = Dispute.objects.filter(payment=self.payment)
        return {row.dispute_id: self.know(row) for row in kept}

    @cached_property
    def lines(self) -> list[RefundLine]:
        """Of all its refunds."""
        if not self.refunds:
            return []
        return list(RefundLine.objects.filter(refund__in=[row.pk for row in self.refunds]))

    def lines_of(self, row: Refund) -> list[RefundLine]:
        return [line for line in self.lines if line.refund_id == row.pk]

    @cached_property
    def gifts(self) -> list[Gift]:
        """With the codes on which their worth is now; none for a payment that paid for nothing."""
        if self.payment.state != Payment.State.PAID:
            return []
        gifts = Gift.objects.filter(order=self.payment.order_id, code__isnull=False)
        credited = {row.pk: row.credit_id for row in self.refunds if row.credit_id}
        moved = {
            line.gift_id: credited[line.refund_id]
            for line in (self.lines if credited else ())
            if line.refund_id in credited and line.gift_id
        }
        codes = Code.objects.in_bulk(moved.values()) if moved else {}
        return on_credits(
            gifts.order_by("position").only("code"),
            {gift: codes[code] for gift, code in moved.items()},
        )

    @property
    def code_ids(self) -> list[UUID]:
        return [gift.code_id for gift in self.gifts if gift.code_id]

    @cached_property
    def left(self) -> dict[UUID, Left]:
        """On each of the codes, which are locked from then on."""
        return lock_left(self.code_ids)

    @cached_property
    def holds(self) -> dict[str, set[UUID]]:
        """The codes that each subject holds."""
        return hold.by_subject(self.left)

    @cached_property
    def booked(self) -> set[str]:
        """Ids of Stripe's lines that are posted already, of those that it tells of."""
        told = [line.id for each in self.state.refunds for line in each.lines]
        told += [line.id for each in self.state.disputes for line in each.lines]
        return stripe_lines.posted(self.brand, told)

    def forget(self) -> None:
        """Codes, holds or lines are others now."""
        for name in ("lines", "left", "holds"):
            self.__dict__.pop(name, None)

    def know(self, row: Any) -> Any:
        """A row as it is kept, of this payment."""
        row.payment, row.brand = self.payment, self.brand
        self._as_kept[id(row)] = dict(vars(row))
        return row

    def save(self, row: Kept) -> None:
        """What of it differs from what is kept. No statement where nothing does."""
        was = self._as_kept.get(id(row))
        if was is None:
            row.save(force_insert=True)
        elif changed := [name for name, value in vars(row).items() if value != was.get(name)]:
            row.save(update_fields=changed)
        self._as_kept[id(row)] = dict(vars(row))
