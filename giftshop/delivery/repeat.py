"""Sending an e-mail once more because somebody asks for it: a gift's to its recipient, a receipt's to its
sender. The same words with the same code go to the address of today, as a new version of the delivery.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from brands.models import Brand
from core.refused import Refused
from giftshop.delivery.channels import SENDERS
from giftshop.delivery.models import Delivery
from giftshop.delivery.purposes import Purpose
from giftshop.delivery.subscribers import GIFT, RECEIPT
from giftshop.delivery.suppression import is_suppressed
from giftshop.orders.models import Gift, Order
from giftshop.outbox.outbox import emit
from giftshop.outbox.topics import Topic
from redemption.audit.actors import Actor
from redemption.audit.log import Act, record
from redemption.codes import acts
from redemption.models import Code


class RepeatRefusal(models.TextChoices):
    BY_LINK = "by_link", _("The sender passes this gift on by its link: we send no e-mail.")
    NEVER_SENT = "never_sent", _("It was not sent yet. It goes out by itself when it is due.")
    ON_ITS_WAY = "on_its_way", _("It is on its way already.")
    NOT_GOOD = "not_good", _("This gift can't be used any more, so its e-mail is not sent again.")
    ON_HOLD = "on_hold", _("This gift is on hold. Its e-mail can be sent again after that.")
    ERASED = "erased", _("Whoever it is for had their data erased, so we know no address.")
    SENDER_ERASED = (
        "sender_erased",
        _("Whoever bought it had their data erased, so we know no address."),
    )
    UNWANTED = "unwanted", _("This address asked for no e-mails.")


class RepeatRefused(Refused[RepeatRefusal]):
    pass


@dataclass(frozen=True)
class _About:
    """What is sent again, by whom it is named in an outbox row, and what an audit entry calls it."""

    purpose: Purpose[Any]
    row: Gift | Order
    brand: Brand
    key: str
    audited: str


def repeat_gift(*, gift: Gift, actor: Actor, reason: str, now: datetime) -> Delivery:
    """Expects `with_everything()` and the brand's scope. Raises RepeatRefused, ActRefused for no reason
    or nobody who may."""
    if refused := gift_refusal(gift, now=now):
        raise RepeatRefused(refused)
    brand = gift.order.brand
    about = _About(GIFT, gift, brand, "gift_id", f"code:{gift.code_id}")
    return _repeat(about, actor, reason, now)


def repeat_receipt(*, order: Order, actor: Actor, reason: str, now: datetime) -> Delivery:
    """Expects the order with its brand, and the brand's scope. Raises as `repeat_gift`."""
    if order.sender_erased_at:
        raise RepeatRefused(RepeatRefusal.SENDER_ERASED)
    about = _About(RECEIPT, order, order.brand, "order_id", f"order:{order.pk}")
    return _repeat(about, actor, reason, now)


def gift_refusal(gift: Gift, *, now: datetime) -> RepeatRefusal | None:
    """Why its e-mail is not sent again, as far as the gift tells. 1 query for the address."""
    if refusal := _refusal_without_address(gift, now):
        return refusal
    subject = GIFT.subject(gift)
    if is_suppressed(address=GIFT.address(gift), brand=gift.order.brand, subject=subject):
        return RepeatRefusal.UNWANTED
    return None


def is_repeatable(gift: Gift, now: datetime) -> bool:
    """Whether to offer that it is sent again: it left, and is good. Expects its code and recipient; no
    query."""
    return gift.has_left and _refusal_without_address(gift, now) is None


def _refusal_without_address(gift: Gift, now: datetime) -> RepeatRefusal | None:
    if gift.channel not in SENDERS:
        return RepeatRefusal.BY_LINK
    if gift.code is None:
        return RepeatRefusal.NEVER_SENT
    if gift.recipient.erased_at:
        return RepeatRefusal.ERASED
    if gift.code.state == Code.State.ON_HOLD:
        return RepeatRefusal.ON_HOLD
    if gift.code.state != Code.State.ACTIVE or gift.code.expires_at <= now:
        return RepeatRefusal.NOT_GOOD
    return None


def _repeat(about: _About, actor: Actor, reason: str, now: datetime) -> Delivery:
    """The next version, the message that has it sent, and the audit entry, in one commit."""
    acts.check(actor, reason, product_may=True)
    subject = about.purpose.subject(about.row)
    with transaction.atomic():
        sent = Delivery.objects.filter(subject=subject, purpose=about.purpose.name)
        last = sent.order_by("-version").first()
        if last is None:
            raise RepeatRefused(RepeatRefusal.NEVER_SENT)
        if not last.is_over:
            raise RepeatRefused(RepeatRefusal.ON_ITS_WAY)
        delivery = _next(last, about, subject, now)
        emit(
            topic=Topic.EMAIL_REPEATED,
            brand_id=about.brand.pk,
            payload={"delivery_id": str(delivery.pk), about.key: str(about.row.pk)},
            now=now,
        )
        record(
            brand=about.brand,
            actor=actor,
            act=Act.EMAIL_REPEATED,
            subject=about.audited,
            now=now,
            details={"reason": reason, "email": about.purpose.name},
        )
    return delivery


def _next(last: Delivery, about: _About, subject: str, now: datetime) -> Delivery:
    """Two who ask in the same moment make one."""
    try:
        with transaction.atomic():
            return Delivery.objects.create(
                brand=about.brand,
                purpose=about.purpose.name,
                subject=subject,
                address=about.purpose.address(about.row),
                channel=about.purpose.channel(about.row),
                version=last.version + 1,
                created_at=now,
            )
    except IntegrityError:
        raise RepeatRefused(RepeatRefusal.ON_ITS_WAY) from None
