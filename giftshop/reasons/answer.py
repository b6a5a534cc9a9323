"""Somebody says once why they come: a sender of a paid order, a recipient of a gift that was enjoyed or
thanked for. Whoever is erased takes it with them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from core import crypto
from giftshop.orders.models import Gift, Order
from giftshop.reasons.models import Answer, Reason
from redemption.models import Code


def subject_of_order(order_id: UUID) -> str:
    """What the sender's answer is keyed by."""
    return f"reasons:order:{order_id}"


def subject_of_gift(gift_id: UUID) -> str:
    """What the recipient's is."""
    return f"reasons:gift:{gift_id}"


def shuffled(subject: str) -> list[Reason]:
    """The twelve in an order of this subject's own, so that none is read first by everybody: always the same,
    and nobody knows it who has not the key."""
    return sorted(Reason, key=lambda reason: crypto.digest(f"{subject}:{reason}"))


def said_by(subjects: Iterable[str]) -> dict[str, Answer]:
    """Of those that have an answer. Expects the brand's scope. One query."""
    whose = {key: subject for subject in subjects for key in crypto.digests(subject)}
    return {whose[bytes(each.key)]: each for each in Answer.objects.filter(key__in=list(whose))}


def said(subject: str) -> Answer | None:
    """The same of one."""
    return said_by([subject]).get(subject)


def may_sender(order: Order) -> bool:
    """Whether the order's page asks: it is paid, and its sender is somebody. No query."""
    return order.state == Order.State.PAID and order.sender_erased_at is None


def may_recipient(gift: Gift) -> bool:
    """Whether the gift's page asks: something of it was enjoyed, or thanks were said. Expects its code."""
    code = gift.code
    if code is None or gift.recipient.erased_at or code.state == Code.State.VOIDED:
        return False
    was_used = code.state == Code.State.REDEEMED or code.balance < code.amount
    return was_used or gift.thanked_at is not None


def of_sender(*, order_id: UUID, ranks: Sequence[str], now: datetime) -> None:
    """Keep what its sender says; the first word stands. Expects the brand's scope."""
    with transaction.atomic():
        order = Order.objects.locked().select_related("brand").get(pk=order_id)
        if may_sender(order) and order.paid_at:
            keep(
                Answer(
                    brand=order.brand,
                    side=Answer.Side.SENDER,
                    is_returning=_was_here(order.paid_at, email=order.sender_email),
                ),
                subject_of_order(order.pk),
                ranks,
                now,
            )


def of_recipient(*, gift_id: UUID, ranks: Sequence[str], now: datetime) -> None:
    """The same of a gift's recipient."""
    with transaction.atomic():
        order_id = Gift.objects.values_list("order", flat=True).get(pk=gift_id)
        Order.objects.locked().get(pk=order_id)  # as whoever erases a recipient does
        gift = Gift.objects.with_everything().get(pk=gift_id)
        if may_recipient(gift) and gift.order.paid_at:
            keep(
                Answer(
                    brand=gift.order.brand,
                    side=Answer.Side.RECIPIENT,
                    is_returning=_was_here(
                        gift.order.paid_at, email=gift.recipient.email, phone=gift.recipient.phone
                    ),
                ),
                subject_of_gift(gift.pk),
                ranks,
                now,
            )


def keep(answer: Answer, subject: str, ranks: Sequence[str], now: datetime) -> None:
    """Unless the subject has one. `ranks`: three reasons, the strongest first."""
    if said(subject):
        return
    answer.first, answer.second, answer.third = ranks
    answer.day = timezone.localdate(now, answer.brand.tz)
    answer.key = crypto.digest(subject)
    Answer.objects.bulk_create([answer], ignore_conflicts=True)


def forget(subjects: Iterable[str]) -> None:
    """Whoever said it wants nothing kept of them. Expects the brand's scope. One statement."""
    keys = [key for subject in subjects for key in crypto.digests(subject)]
    Answer.objects.filter(key__in=keys).delete()


def _was_here(before: datetime, *, email: str = "", phone: str = "") -> bool | None:
    """Whether they had sent a gift by then, or opened one; None: no address of theirs is known. Two queries
    at most for each address."""
    if not (email or phone):
        return None
    opened = Gift.objects.filter(opened_at__lt=before)
    if phone and opened.filter(recipient__phone=phone, recipient__phone__gt="").exists():
        return True
    if not email:
        return False
    sent = Order.objects.paid().from_address(email).filter(paid_at__lt=before)
    return sent.exists() or opened.for_address(email).exists()
