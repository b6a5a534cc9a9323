"""Finding a gift that somebody asks about at the counter: by its code, its order, or a name."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from giftshop.orders.models import Gift, Order
from redemption.models import Code

LETTERS_MIN = 2
FOUND_MAX = 30
NUMBER_LENGTH = 8
"""Of an order's id its last symbols: random ones, and enough to tell orders of one brand apart."""


@dataclass(frozen=True)
class Found:
    """A code, and the gift it was issued for; none for a code that was given away."""

    code: Code
    gift: Gift | None

    @property
    def friend(self) -> str:
        return self.gift.friend.name if self.gift else self.code.bearer_name

    @property
    def sender(self) -> str:
        return self.gift.order.sender_name if self.gift else ""

    @property
    def is_over(self) -> bool:
        """Its days are over, though nobody booked that yet."""
        return self.code.state == Code.State.ACTIVE and self.code.expires_at <= timezone.now()

    @property
    def since(self) -> datetime:
        return self.gift.order.placed_at if self.gift else self.code.valid_from


def order_number(order: Order) -> str:
    """What people say of it: A1B2-C3D4."""
    number = order.pk.hex[-NUMBER_LENGTH:].upper()
    return f"{number[:4]}-{number[4:]}"


def by_code(symbols: str) -> Code | None:
    """Expects the brand's scope. 1 query."""
    return Code.objects.matching(symbols).first()


def by_words(text: str) -> list[Found]:
    """Gifts that were issued, the newest first: of an order's number, of an e-mail address in full, or
    of part of the sender's or the friend's name. Expects the brand's scope. 1 query."""
    words = " ".join(text.split())
    if len(words) < LETTERS_MIN:
        return []
    gifts = Gift.objects.filter(code__isnull=False)
    number = _number(words)
    if number:
        gifts = gifts.alias(order_number=Cast("order_id", TextField()))
        wanted = Q(order_number__endswith=number)
    elif "@" in words:
        wanted = Q(order__sender_email__iexact=words) | Q(friend__email__iexact=words)
    else:
        wanted = Q(order__sender_name__icontains=words) | Q(friend__name__icontains=words)
    found = gifts.filter(wanted).select_related("order", "friend", "code")
    newest = found.order_by("-order__placed_at", "position")[:FOUND_MAX]
    return [Found(gift.code, gift) for gift in newest if gift.code]


def with_gift(code: Code) -> Found:
    """1 query."""
    gift = Gift.objects.select_related("order", "friend").filter(code=code).first()
    return Found(code, gift)


def _number(words: str) -> str:
    """A1B2-C3D4 as it ends the text of an id, or nothing when it is no number."""
    bare = words.replace("-", "").replace(" ", "").lower()
    return bare if re.fullmatch(rf"[0-9a-f]{{{NUMBER_LENGTH}}}", bare) else ""
