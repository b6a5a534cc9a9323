"""What a page asks somebody of why they come: nothing, the three, or nothing any more."""

from dataclasses import dataclass
from typing import Any

from giftshop.orders.models import Gift, Order
from giftshop.reasons.answer import (
    may_recipient,
    may_sender,
    said,
    subject_of_gift,
    subject_of_order,
)
from giftshop.reasons.forms import RanksForm
from giftshop.reasons.models import Answer


@dataclass(frozen=True)
class Asked:
    """`form`: None once it was said."""

    form: RanksForm | None


def sender(order: Order, data: Any = None) -> Asked | None:
    """Of an order's page; None where nobody is asked. One query, none then."""
    if not may_sender(order):
        return None
    return _asked(subject_of_order(order.pk), Answer.Side.SENDER, data)


def recipient(gift: Gift, data: Any = None) -> Asked | None:
    """Of a gift's page, the same."""
    if not may_recipient(gift):
        return None
    return _asked(subject_of_gift(gift.pk), Answer.Side.RECIPIENT, data)


def _asked(subject: str, side: Answer.Side, data: Any) -> Asked:
    if said(subject):
        return Asked(None)
    return Asked(RanksForm(data, subject=subject, side=side))
