"""What the sender may do with each gift, as its buttons on the order's page say it. No query."""

from dataclasses import dataclass
from datetime import datetime

from giftshop.delivery.channels import SENDERS
from giftshop.delivery.mend import is_to_come, refusal_of
from giftshop.orders.models import Gift
from redemption.models import Code


@dataclass(frozen=True)
class May:
    """`change`: mend it. `repeat`: the same once more. `dispatch`: now, not on its day. `look`: see what the
    recipient sees."""

    change: bool = False
    repeat: bool = False
    dispatch: bool = False
    look: bool = False

    @property
    def anything(self) -> bool:
        return self.change or self.repeat or self.look


def of_gift(gift: Gift, now: datetime) -> May:
    """Expects its code and recipient."""
    code = gift.code
    if code is None or code.state != Code.State.ACTIVE or code.expires_at <= now:
        return May()
    has_left = gift.sent_at is not None or gift.undeliverable_at is not None
    return May(
        change=refusal_of(gift, now) is None,
        repeat=gift.channel in SENDERS and has_left and not gift.recipient.erased_at,
        dispatch=is_to_come(gift, now) and gift.opened_at is None,
        look=gift.opened_at is None,
    )
