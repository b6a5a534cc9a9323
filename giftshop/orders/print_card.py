"""A gift's code on paper: whoever holds the paper holds the gift, so it is noted that it left the page."""

from datetime import datetime

from django.db.models import Value
from django.db.models.functions import Coalesce

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


def note_printed(*, gift: Gift, now: datetime) -> bool:
    """Note the first time. False for one that was opened, is of no use, or got another link and code since
    `gift` was read. Expects the brand's scope. One statement."""
    closed = Gift.objects.filter(
        pk=gift.pk,
        token_digest=gift.token_digest,
        opened_at=None,
        code__state=Code.State.ACTIVE,
    )
    return bool(closed.update(printed_at=Coalesce("printed_at", Value(now))))
