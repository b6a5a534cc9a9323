"""Finding a gift that somebody asks about at the counter: by its code, its order, or a name."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from brands.models import Store
from giftshop.counter import names
from giftshop.orders import numbers
from giftshop.orders.models import Gift, Order
from redemption import code_format
from redemption.models import Code, RefusedAttempt

FOUND_MAX = 30
REFUSED_FOR = timedelta(days=31)


@dataclass(frozen=True)
class Found:
    """A code, and the gift it was issued for; none for a code that was given away."""

    code: Code
    gift: Gift | None

    @property
    def recipient(self) -> str:
        return self.gift.recipient.full_name if self.gift else self.code.recipient_name

    @property
    def sender(self) -> str:
        return self.gift.order.sender if self.gift else ""

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
    scope. Up to 9 queries, each by an index: what they read does not grow with the brand.

    Codes of a campaign are many, and nobody's: by their last four they are found for a month after
    `store` refused them.
    """
    words = " ".join(text.split())
    if number := numbers.read(words):
        return _gifts(Q(order__in=_newest(Order.objects.with_number(number))))
    if "@" in words:
        orders = Order.objects.paid().from_address(words)
        gifts = Gift.objects.issued().for_address(words)
        return _gifts(Q(order__in=_newest(orders)) | Q(pk__in=_newest(gifts)))
    senders, recipients, goodwill = (
        names.find(words, whose, brand_id=store.brand_id, most=FOUND_MAX) for whose in names.Name
    )
    last4 = code_format.last_four(words)
    alike = list(Code.objects.filter(last4=last4).values_list("pk", flat=True)) if last4 else []
    found = _gifts(Q(order__in=senders) | Q(recipient__in=recipients) | Q(code__in=alike))
    found += _without_gift(goodwill, alike, store, now or timezone.now())
    return sorted(found, key=lambda each: each.since, reverse=True)[:FOUND_MAX]


def _newest(rows: QuerySet[Any]) -> list[UUID]:
    return list(rows.values_list("pk", flat=True)[:FOUND_MAX])


def _gifts(wanted: Q) -> list[Found]:
    """Nothing is joined: what belongs to a few gifts is asked for by its keys, whatever PostgreSQL thinks
    of the tables."""
    gifts = Gift.objects.issued().filter(wanted).prefetch_related("order", "recipient", "code")
    newest = sorted(gifts, key=lambda gift: (-gift.order.placed_at.timestamp(), gift.position))
    return [Found(gift.code, gift) for gift in newest[:FOUND_MAX] if gift.code]


def _without_gift(
    goodwill: list[UUID], alike: list[UUID], store: Store, now: datetime
) -> list[Found]:
    """Goodwill gifts of that name, and what ends alike: goodwill gifts, and codes shown at this store."""
    lately = RefusedAttempt.objects.filter(store=store, attempted_at__gt=now - REFUSED_FOR)
    shown = lately.filter(code__in=alike).values("code_id")
    wanted = Q(pk__in=goodwill)
    wanted |= Q(pk__in=alike) & (Q(issued_by__isnull=False) | Q(pk__in=shown))
    codes = Code.objects.filter(wanted, gift__isnull=True).order_by("-valid_from")
    return [Found(code, None) for code in codes[:FOUND_MAX]]


def with_gift(code: Code) -> Found:
    """1 query."""
    gift = Gift.objects.select_related("order", "recipient").filter(code=code).first()
    return Found(code, gift)
