"""When something is to be said about a gift again, and what.

Three reminders for whoever it is for, none of them advertising: nobody opened it for a week, and it is good
for thirty days or seven days more. And one question for its sender: nobody opened it for as long as the brand
waits.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from brands.models import Brand
from giftshop.orders.fulfilment import FIRST_LOOK_AFTER
from giftshop.orders.models import Gift
from redemption.models import Code

UNOPENED_AFTER = FIRST_LOOK_AFTER
AT_LEAST_BETWEEN = timedelta(days=7)
"""A gift that is good for a few weeks is not reminded of on the day it comes."""


class Kind(models.TextChoices):
    """By how much each matters when several are due at once: the last first."""

    UNOPENED = "reminder_unopened", _("Nobody opened it for a week")
    ASK_SENDER = "unopened", _("Its sender is asked")
    MONTH = "reminder_month", _("Good for a month more")
    WEEK = "reminder_week", _("Good for a week more")


REMINDERS = (Kind.UNOPENED, Kind.MONTH, Kind.WEEK)


def moments(gift: Gift, brand: Brand) -> Iterator[tuple[Kind, datetime]]:
    """Of a gift that was brought, or handed to its sender as a link. Expects its code. No query."""
    code = gift.code
    assert code is not None  # nosec B101  # only what was paid is looked at
    came = max(filter(None, (gift.sent_at, gift.deliver_at, code.valid_from)))
    if gift.opened_at is None:
        yield Kind.UNOPENED, came + UNOPENED_AFTER
        yield Kind.ASK_SENDER, came + timedelta(days=brand.unopened_days)
    for kind, days in ((Kind.MONTH, 30), (Kind.WEEK, 7)):
        moment = code.expires_at - timedelta(days=days)
        if moment >= came + AT_LEAST_BETWEEN:
            yield kind, moment


def is_wanted(gift: Gift, kind: Kind, now: datetime) -> bool:
    """Whether it still holds at this moment. Expects code, recipient and order as they are now. No query."""
    code = gift.code
    if code is None or code.state != Code.State.ACTIVE or code.expires_at <= now:
        return False  # redeemed, given back, refunded, looked into, or past its day
    if kind in {Kind.UNOPENED, Kind.ASK_SENDER} and gift.opened_at:
        return False
    if kind is Kind.ASK_SENDER:
        return code.balance == code.amount
    return gift.recipient.erased_at is None and gift.undeliverable_at is None
