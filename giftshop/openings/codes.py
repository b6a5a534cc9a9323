"""Who may look into a gift on one more phone: whoever reads the recipient's mail, or the sender's.

Nothing here opens a gift or touches its code. A link that somebody else got hold of opens nothing a second
time, and guessing is bounded: so many codes for a gift, so many tries for each.
"""

import hmac
import secrets
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import transaction
from django.db.models import QuerySet

from core import crypto
from giftshop.delivery.suppression import is_suppressed
from giftshop.openings.models import OpeningCode
from giftshop.orders.models import Gift
from giftshop.outbox.outbox import emit
from giftshop.outbox.topics import Topic
from redemption import rate_limits

LASTS = timedelta(minutes=10)
DIGITS = 6
TRIES_MAX = 5
PER_GIFT, PER_GIFT_A_DAY = 3, 10
"""Codes of one gift in ten minutes, and in a day: fifty guesses a day at one of a million."""

Reader = OpeningCode.Reader


class Entry(StrEnum):
    """What became of digits that somebody typed."""

    RIGHT = "right"
    WRONG = "wrong"
    OVER = "over"
    """No code waits: none was asked for, it was used, came too late, or was tried too often."""


def readers(gift: Gift) -> dict[Reader, str]:
    """Whose mail a code can go to, with their address. Nobody who wants no mail is written to because
    somebody else has their link. One query at most."""
    address = gift.recipient.email
    to_recipient = address and not is_suppressed(address=address, brand=gift.order.brand)
    return {
        **({Reader.RECIPIENT: address} if to_recipient else {}),
        Reader.SENDER: gift.order.sender_email,
    }


def ask(*, gift: Gift, reader: Reader, now: datetime) -> int:
    """Send a code to that person; codes before it are over. Returns the seconds to wait if it is too often,
    else 0. Expects the brand's scope and an opened gift."""
    who = str(gift.pk)
    wait = rate_limits.count(
        {rate_limits.key("opening", "gift", who): PER_GIFT}, now=now
    ) or rate_limits.count(
        {rate_limits.key("opening", "a day", who): PER_GIFT_A_DAY},
        now=now,
        window=timedelta(days=1),
    )
    if wait:
        return wait
    plain = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    with transaction.atomic():
        OpeningCode.objects.filter(gift=gift, used_at=None, expires_at__gt=now).update(
            expires_at=now
        )
        asked = OpeningCode(
            brand_id=gift.brand_id,
            gift=gift,
            reader=reader,
            asked_at=now,
            expires_at=now + LASTS,
        )
        asked.digest = _digest(gift, plain)
        asked.ciphertext = crypto.seal(plain, context=f"opening:{asked.pk}")
        asked.save(force_insert=True)
        told = {"opening_code_id": str(asked.pk)}
        emit(topic=Topic.OPENING_CODE_ASKED, brand_id=gift.brand_id, payload=told, now=now)
    return 0


def waiting(gift: Gift, now: datetime) -> OpeningCode | None:
    """The code that is waited for. One query."""
    return _waiting(gift, now).first()


def enter(*, gift: Gift, typed: str, now: datetime) -> Entry:
    """Whether these are its digits. Each try counts, also of several at once; the right ones serve once."""
    with transaction.atomic():
        code = _waiting(gift, now).select_for_update().first()
        if code is None:
            return Entry.OVER
        code.tries += 1
        if hmac.compare_digest(bytes(code.digest), _digest(gift, typed)):
            code.used_at = now
        code.save(update_fields=["tries", "used_at"])
        if code.used_at:
            return Entry.RIGHT
        return Entry.WRONG if code.tries < TRIES_MAX else Entry.OVER


def _waiting(gift: Gift, now: datetime) -> QuerySet[OpeningCode]:
    """The newest first; a later code ends those before it."""
    return OpeningCode.objects.filter(
        gift=gift, used_at=None, expires_at__gt=now, tries__lt=TRIES_MAX
    ).order_by("-asked_at")


def _digest(gift: Gift, plain: str) -> bytes:
    return crypto.digest(f"opening:{gift.pk}:{plain}")
