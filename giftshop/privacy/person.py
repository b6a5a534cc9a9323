"""Who asks, as far as their link proves it, and what is kept of them."""

from dataclasses import dataclass
from enum import Enum
from uuid import UUID

from django_scopes import scopes_disabled

from brands.models import Brand
from giftshop.delivery import data_links, purposes
from giftshop.delivery.data_links import Proof
from giftshop.delivery.models import Delivery
from giftshop.handouts.models import HandoutLine
from giftshop.orders.models import Gift, Order

SHOWN_MAX = 20
"""Gifts of one person on one page; more of them are counted."""


class Role(Enum):
    RECIPIENT = "recipient"
    SENDER = "sender"
    OTHER = "other"
    """Somebody else who was written to: who asked a shop something."""


@dataclass(frozen=True)
class Person:
    """`address`: where a letter went or, by a gift's page, where the gift goes; empty once it is erased, and
    for a gift that its sender passes on. `gift`: the one that the link is about, if it is theirs."""

    brand: Brand
    role: Role
    address: str
    gift: Gift | None = None
    order: Order | None = None
    delivery: Delivery | None = None
    held_back: bool = False
    """The gift is, because they said that it is not for them."""
    line: HandoutLine | None = None
    """Of a brand's list, by which they were sent something."""

    @property
    def is_proven(self) -> bool:
        """Whether the link went to the address itself, so that it speaks for all that is kept under it."""
        return self.delivery is not None

    def gifts(self) -> "list[Gift]":
        """Theirs, the newest first, as far as the link proves it; at most SHOWN_MAX. Expects the brand's
        scope. One query."""
        found = Gift.objects.with_everything().filter(recipient__erased_at__isnull=True)
        if self.role is not Role.RECIPIENT:
            return []
        if self.is_proven:
            if not self.address:
                return []
            theirs = found.exclude(pk__in=Gift.objects.held_back().for_address(self.address))
            return list(theirs.for_address(self.address)[:SHOWN_MAX])
        return list(found.filter(pk=self.gift.pk)) if self.gift else []


def find(signed: str) -> Person | None:
    """Whoever holds this link; None for a forged one. Two queries at most."""
    proof = data_links.read(signed)
    if proof is None:
        return None
    with scopes_disabled():
        return _by_gift(proof) if proof.kind == "gift" else _by_letter(proof.id)


def _by_gift(proof: Proof) -> Person | None:
    gift = Gift.objects.with_everything().filter(pk=proof.id).first()
    if gift is None:
        return None
    if proof.mark != data_links.mark_of(
        gift
    ):  # its link is another by now, and so may be its recipient
        return Person(gift.order.brand, Role.RECIPIENT, "", held_back=gift.is_held_back)
    to = gift.recipient.email or gift.recipient.phone
    return Person(gift.order.brand, Role.RECIPIENT, to, gift=gift)


def _by_letter(delivery_id: UUID) -> Person | None:
    sent = Delivery.objects.select_related("brand").filter(pk=delivery_id, brand__isnull=False)
    delivery = sent.first()
    if delivery is None or delivery.brand is None:
        return None
    kind, _colon, about = delivery.subject.partition(":")
    role, gift, order, line = _role(delivery), None, None, None
    if kind == "gift":
        gift = Gift.objects.with_everything().filter(pk=about).first()
        order = gift.order if gift else None
        if role is Role.RECIPIENT and gift and not _is_theirs(gift, delivery.address):
            gift = None  # it was sent there by mistake, and goes to somebody else by now
    elif kind == "order":
        order = Order.objects.filter(pk=about).first()
    elif kind == "handed_out":
        lines = HandoutLine.objects.select_related("handout").filter(erased_at=None)
        line = lines.filter(pk=about).first()
    held = role is Role.RECIPIENT and gift is not None and gift.is_held_back
    return Person(delivery.brand, role, delivery.address, gift, order, delivery, held, line)


def _role(delivery: Delivery) -> Role:
    to = delivery.addressee.partition(":")[0]  # of letters that go to either
    if purposes.find(delivery.purpose).is_recipients or to == Role.RECIPIENT.value:
        return Role.RECIPIENT
    kind = delivery.subject.partition(":")[0]
    return Role.SENDER if kind in {"order", "gift", "refund"} else Role.OTHER


def _is_theirs(gift: Gift, address: str) -> bool:
    """An address that was forgotten proves nothing: the gift may go to somebody else since."""
    to = {gift.recipient.email.casefold(), gift.recipient.phone}
    return bool(address) and address.casefold() in to
