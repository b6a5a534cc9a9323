"""The address behind the QR that a till shows after handing over: it names the redemption, signed.

Whoever stands near can read it, too: it proves nothing of who follows it, and what it leads to says nothing
of the recipient, and of the sender no more than "Send one back" does. It is good for a day, and while the
redemption stands.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from uuid import UUID

from brands.models import Brand, Store
from core import crypto
from giftshop.friends.salutation import short_name
from giftshop.orders.models import Gift
from redemption.models import Redemption

LASTS = timedelta(days=1)
MAC_BYTES = 12
"""Of a keyed digest: short, since a small symbol is read from farther away, and 96 bits are not guessed."""
SIGNED = re.compile(r"[A-Za-z0-9_-]{38}", re.ASCII)
"""16 bytes of an id and MAC_BYTES in base64, without its padding."""


@dataclass(frozen=True)
class Followed:
    """What the address says to whoever follows it."""

    brand: Brand
    store: Store
    redemption_id: UUID
    is_over: bool
    """Only its brand's shop is left of it."""
    gift: Gift | None
    """What was handed over, if somebody gave it."""

    @property
    def sender(self) -> str:
        """Whom a present goes back to, as they are called; empty where nobody is known."""
        if self.gift is None or self.gift.order.sender_erased_at:
            return ""
        return short_name(self.gift.order.sender_name)


def sign(redemption_id: UUID) -> str:
    """38 characters of an address."""
    signed = redemption_id.bytes + crypto.digest(_text(redemption_id))[:MAC_BYTES]
    return urlsafe_b64encode(signed).rstrip(b"=").decode()


def read(signed: str, *, now: datetime) -> Followed | None:
    """None for a forged one. Two queries. Call it with scopes disabled."""
    if not SIGNED.fullmatch(signed):
        return None
    raw = urlsafe_b64decode(signed + "==")
    redemption_id, mac = UUID(bytes=raw[:16]), raw[16:]
    known = crypto.digests(_text(redemption_id))
    if not any(compare_digest(mac, each[:MAC_BYTES]) for each in known):
        return None
    rows = Redemption.objects.select_related("brand", "store", "reversal")
    redemption = rows.filter(pk=redemption_id).first()
    if redemption is None:
        return None
    is_over = now - redemption.redeemed_at > LASTS or hasattr(redemption, "reversal")
    gifts = Gift.objects.filter(code=redemption.code_id)
    return Followed(
        brand=redemption.brand,
        store=redemption.store,
        redemption_id=redemption.pk,
        is_over=is_over,
        gift=gifts.select_related("order", "recipient", "treat", "price").first(),
    )


def _text(redemption_id: UUID) -> str:
    """What its keyed digest is made of; apart from those of codes and mailboxes, which share the key."""
    return f"counter-link:{redemption_id.hex}"
