"""What the sender may do with each gift, as its buttons on the order's page say it. No query."""

from dataclasses import dataclass
from datetime import datetime

from giftshop.delivery.mend import is_to_come, refusal_of
from giftshop.delivery.repeat import is_repeatable
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
    change = refusal_of(gift, now) is None
    return May(
        change=change,
        repeat=is_repeatable(gift, now),
        dispatch=change and is_to_come(gift, now),
        look=gift.opened_at is None,
    )
