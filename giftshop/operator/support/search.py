"""Finding an order over all brands, by what somebody who asks for help can say of it.

Looks at rows before their brand is known, so each function here opens every scope by itself. What it
finds is judged and shown in the scope of its brand again.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django_scopes import scopes_disabled

from brands.models import Brand
from giftshop.delivery.models import Delivery
from giftshop.friends.masks import mask
from giftshop.orders.models import NUMBER_LENGTH, Gift, Order
from giftshop.payments.models import Payment
from redemption import code_format
from redemption.models import Code
from redemption.redeem.rules import symbols_of

FOUND_MAX = 30

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_AN_ID = re.compile(rf"<?(?:[a-z_]+[-:])?({_UUID.pattern})(?:-v\d+)?(?:@[^@\s]+)?")
"""By itself, or as the Message-ID of an e-mail holds it."""
_STRIPES = re.compile(r"(pi|ch|py|cs)_\w+", re.ASCII)


class By(StrEnum):
    """What was said of it."""

    EMAIL = "email"
    LAST_FOUR = "last_four"
    CODE = "code"
    NUMBER = "number"
    PAYMENT = "payment"
    ID = "id"


class NotUnderstood(Exception):
    """The text is nothing that an order is found by."""


@dataclass(frozen=True)
class Found:
    """An order, with the code that was asked for; or a code that was given away, which has no order."""

    brand: Brand
    order: Order | None = None
    code: Code | None = None

    @property
    def since(self) -> datetime:
        if self.order:
            return self.order.placed_at
        assert self.code is not None  # nosec B101  # one of the two
        return self.code.valid_from


@dataclass(frozen=True)
class Answer:
    by: By
    about: str
    """What was asked, as it may be kept: of an address and of a code too little to know it by."""
    found: list[Found]
    """The newest first, FOUND_MAX at most."""


def find(text: str) -> Answer:
    """Expects no scope. At most 3 queries. Raises NotUnderstood."""
    words = text.strip()
    with scopes_disabled():
        if match := _AN_ID.match(words.lower()):
            return Answer(By.ID, match[1], _by_id(UUID(match[1])))
        if _STRIPES.fullmatch(words):
            return Answer(By.PAYMENT, words, _by_payment(words))
        if "@" in words:
            return Answer(By.EMAIL, mask(words), _by_email(words))
        if number := _number(words):
            return Answer(By.NUMBER, words, _by_number(number))
        if symbols := symbols_of(words):
            found = _with_orders(Code.objects.matching(symbols))
            return Answer(By.CODE, f"…{symbols[-4:]}", found)
        if last4 := code_format.last_four(words):
            found = _with_orders(Code.objects.filter(last4=last4))
            return Answer(By.LAST_FOUR, f"…{last4}", found)
    raise NotUnderstood


def _by_id(key: UUID) -> list[Found]:
    """Of an order, a gift, or an e-mail about one of them."""
    subjects = [f"order:{key}", f"gift:{key}"]
    subjects += Delivery.objects.filter(pk=key).values_list("subject", flat=True)
    keys: dict[str, list[str]] = {"order": [], "gift": []}
    for kind, _colon, about in (subject.partition(":") for subject in subjects):
        if kind in keys:
            keys[kind].append(about)
    orders = {UUID(about) for about in keys["order"]}
    orders |= set(Gift.objects.filter(pk__in=keys["gift"]).values_list("order_id", flat=True))
    return _orders(orders)


def _by_payment(words: str) -> list[Found]:
    known = {"pi": "payment_intent_id", "cs": "session_id"}
    column = known.get(words.partition("_")[0], "charge_id")
    paid = Payment.objects.filter(**{column: words})
    return _orders(paid.values_list("order_id", flat=True)[:FOUND_MAX])


def _by_email(words: str) -> list[Found]:
    """Sent or received by this address; two looks, each along an index of its own."""
    sent = Order.objects.from_address(words).values_list("pk", flat=True)
    received = Gift.objects.for_address(words).values_list("order_id", flat=True)
    return _orders({*sent[:FOUND_MAX], *received[:FOUND_MAX]})


def _by_number(number: str) -> list[Found]:
    named = Order.objects.with_number(number)
    return _orders(named.values_list("pk", flat=True)[:FOUND_MAX])


def _orders(keys: Iterable[Any]) -> list[Found]:
    orders = Order.objects.select_related("brand").filter(pk__in=list(keys))
    return [Found(order.brand, order) for order in orders.order_by("-placed_at")[:FOUND_MAX]]


def _with_orders(codes: QuerySet[Code]) -> list[Found]:
    """1 query."""
    newest = codes.select_related("brand", "gift__order").order_by("-valid_from")[:FOUND_MAX]
    return [Found(code.brand, order_of(code), code) for code in newest]


def order_of(code: Code) -> Order | None:
    """Of a code that was loaded with its gift and order; none for one that was given away."""
    gift: Gift | None = getattr(code, "gift", None)
    return gift.order if gift else None


def _number(words: str) -> str:
    """A1B2-C3D4 as it ends the text of an id, or nothing when it is no number."""
    bare = words.replace("-", "").replace(" ", "").lower()
    return bare if re.fullmatch(rf"[0-9a-f]{{{NUMBER_LENGTH}}}", bare) else ""
