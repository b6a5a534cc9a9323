"""A gift's code on paper: whoever holds the paper holds the gift, so it is noted that it left the page."""

from datetime import datetime
from uuid import UUID

from giftshop.orders.models import Gift
from redemption.models import Code


def is_printable(gift: Gift, now: datetime) -> bool:
    """While it is closed and can be used. Expects its code and recipient; no query."""
    code = gift.code
    return (
        code is not None
        and code.state == Code.State.ACTIVE
        and code.expires_at > now
        and gift.opened_at is None
        and gift.is_due(now)
        and not gift.recipient.erased_at
    )


def note_printed(*, gift_id: UUID, now: datetime) -> bool:
    """Note the first time. False for one that was opened, or is of no use, meanwhile. Expects the brand's
    scope."""
    closed = Gift.objects.filter(pk=gift_id, opened_at=None, code__state=Code.State.ACTIVE)
    if not closed.exists():
        return False
    closed.filter(printed_at=None).update(printed_at=now)
    return True
