"""Finding a gift that somebody asks about at the counter: by its code, its order, or a name."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from brands.models import Store
from giftshop.orders.models import NUMBER_LENGTH, Gift
from redemption import code_format
from redemption.models import Code, RefusedAttempt

LETTERS_MIN = 2
FOUND_MAX = 30
REFUSED_FOR = timedelta(days=31)


@dataclass(frozen=True)
class Found:
    """A code, and the gift it was issued for; none for a code that was given away."""

    code: Code
    gift: Gift | None

    @property
    def recipient(self) -> str:
        return self.gift.recipient.name if self.gift else self.code.recipient_name

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


def by_code(symbols: str) -> Code | None:
    """Expects the brand's scope. 1 query."""
    return Code.objects.matching(symbols).first()


def by_words(text: str, *, store: Store, now: datetime | None = None) -> list[Found]:
    """Gifts that were issued, the newest first: of an order's number, of an e-mail address in full, of
    part of the sender's or the recipient's name, or of the last four symbols of a code. Expects the brand's
    scope. 1 query for an address or an order's number, else 2.

    Codes of a campaign are many, and nobody's: by their last four they are found for a month after
    `store` refused them.
    """
    words = " ".join(text.split())
    if len(words) < LETTERS_MIN:
        return []
    number, last4 = _number(words), code_format.last_four(words)
    if number or "@" in words:
        return _newest(_gifts_of(number, words))
    wanted = Q(order__sender_name__icontains=words) | Q(recipient__name__icontains=words)
    if last4:
        wanted |= Q(code__last4=last4)
    gifts = Gift.objects.filter(wanted, code__isnull=False)
    return _newest(gifts, _without_gift(words, last4, store, now or timezone.now()))


def _gifts_of(number: str, words: str) -> QuerySet[Gift]:
    gifts = Gift.objects.filter(code__isnull=False)
    if number:
        gifts = gifts.alias(order_number=Cast("order_id", TextField()))
        return gifts.filter(Q(order_number__endswith=number))
    return gifts.filter(Q(order__sender_email__iexact=words) | Q(recipient__email__iexact=words))


def _without_gift(words: str, last4: str, store: Store, now: datetime) -> QuerySet[Code]:
    """Goodwill gifts, and codes that were shown at this store, by their last four."""
    wanted = Q(issued_by__isnull=False) & (Q(recipient_name__icontains=words) | Q(last4=last4))
    if last4:
        lately = RefusedAttempt.objects.filter(store=store, attempted_at__gt=now - REFUSED_FOR)
        wanted |= Q(last4=last4, pk__in=lately.filter(code__isnull=False).values("code_id"))
    return Code.objects.filter(wanted, gift__isnull=True)


def _newest(gifts: QuerySet[Gift], codes: QuerySet[Code] | None = None) -> list[Found]:
    ordered = gifts.select_related("order", "recipient", "code").order_by(
        "-order__placed_at", "position"
    )
    found = [Found(gift.code, gift) for gift in ordered[:FOUND_MAX] if gift.code]
    if codes is not None:
        found += [Found(code, None) for code in codes.order_by("-valid_from")[:FOUND_MAX]]
        found.sort(key=lambda each: each.since, reverse=True)
    return found[:FOUND_MAX]


def with_gift(code: Code) -> Found:
    """1 query."""
    gift = Gift.objects.select_related("order", "recipient").filter(code=code).first()
    return Found(code, gift)


def _number(words: str) -> str:
    """A1B2-C3D4 as it ends the text of an id, or nothing when it is no number."""
    bare = words.replace("-", "").replace(" ", "").lower()
    return bare if re.fullmatch(rf"[0-9a-f]{{{NUMBER_LENGTH}}}", bare) else ""
