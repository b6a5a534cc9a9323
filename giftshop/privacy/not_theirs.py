"""Somebody says that a gift is not for them: it is held back, and its sender puts the address right."""

from datetime import datetime

from django.db import transaction

from giftshop.delivery import mend, suppression
from giftshop.orders.models import Gift
from giftshop.outbox.outbox import emit
from giftshop.outbox.topics import Topic
from giftshop.privacy.person import Person, Role
from redemption.codes import rotate


def may_say(person: Person, now: datetime) -> bool:
    """Whether the gift that their link is about can still be held back. No query."""
    gift = person.gift
    if gift is None or person.role is not Role.RECIPIENT or gift.recipient.erased_at:
        return False
    if gift.code is None or person.held_back or not gift.is_due(now):
        return False
    return rotate.refusal_of(gift.code, now) is None


def say(person: Person, *, now: datetime) -> Gift:
    """What they hold is good nowhere any more; no word of this gift reaches that address again; its sender is
    told. One commit. Expects the brand's scope. Raises mend.MendRefused."""
    assert person.gift is not None  # nosec B101  # may_say looked
    with transaction.atomic():
        gift = mend.hold_back(
            gift_id=person.gift.pk,
            order_id=person.gift.order_id,
            link=bytes(person.gift.token_digest),
            now=now,
        )
        if person.address:
            subject = f"gift:{gift.pk}"
            suppression.suppress(
                address=person.address, brand=person.brand, subject=subject, now=now
            )
        assert gift.code is not None  # nosec B101  # it was rotated
        emit(
            topic=Topic.GIFT_NOT_THEIRS,
            brand_id=gift.brand_id,
            payload={"gift_id": str(gift.pk), "version": gift.code.version},
            now=now,
        )
    return gift
