"""The recipient says thanks, once, in a few words; the sender is told."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from giftshop.orders.models import Gift
from giftshop.outbox.outbox import emit
from giftshop.outbox.topics import Topic


class ThanksRefused(Exception):
    """The gift was not opened yet, or thanks with other words were said before."""


def say_thanks(*, gift_id: UUID, words: str, now: datetime | None = None) -> Gift:
    """Keep the words and promise them to the sender. Expects the brand's scope.

    The same words again are the same thanks. Raises ThanksRefused.
    """
    now = now or timezone.now()
    with transaction.atomic():
        gift = Gift.objects.select_for_update(no_key=True).get(pk=gift_id)
        if gift.thanked_at and gift.thanks == words:
            return gift
        if gift.thanked_at or gift.opened_at is None:
            raise ThanksRefused
        gift.thanks, gift.thanked_at = words, now
        gift.save(update_fields=["thanks", "thanked_at"])
        emit(
            topic=Topic.GIFT_THANKED,
            brand_id=gift.brand_id,
            payload={"gift_id": str(gift_id)},
            now=now,
        )
    return gift
