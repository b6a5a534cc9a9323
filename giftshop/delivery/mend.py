"""Putting a gift right while nobody has opened it: to whom it goes, how, when, and with which words.

One commit: the gift says what it is by now, its link and its code are others, and whatever of the old ones
was still to leave is outdated. A worker that composes an old one at that moment finds so before it hands it
over (send.py); one that was faster has sent what is good nowhere any more. The money stays.

Locks: order, deliveries, gift, code. Whoever writes how a delivery went takes them in that order, too.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from core import crypto
from core.bidi import in_one_line, without_turning
from core.forms.version import check_version
from core.refused import Refused
from giftshop.delivery.channels import SENDERS
from giftshop.delivery.models import Delivery
from giftshop.delivery.repeat import repeat_gift
from giftshop.delivery.subscribers import GIFT
from giftshop.friends.addresses import is_address
from giftshop.http import rate_limits
from giftshop.orders.checkout import SCHEDULE_AHEAD_MAX
from giftshop.orders.gift_links import retire_link
from giftshop.orders.models import Gift, Order
from giftshop.outbox.models import Message
from giftshop.outbox.outbox import emit
from giftshop.outbox.topics import Topic
from giftshop.texts import allowed
from giftshop.texts.numbers import is_mobile
from redemption.audit.actors import SYSTEM, Actor
from redemption.codes import rotate
from redemption.codes.acts import ActRefused
from redemption.codes.own_reasons import OwnReason
from redemption.codes.rotate import RotationRefusal
from redemption.models import Device


class MendRefusal(models.TextChoices):
    NOT_PAID = "not_paid", _("It is not paid yet. Change it where you made it.")
    OPENED = "opened", _("It was opened already, so it stays as it is.")
    USED = "used", _("It was used, if only in part, so it stays as it is.")
    ERASED = (
        "erased",
        _("Who it was for wants nothing kept of them. Pass on its link, or take it back."),
    )
    ON_HOLD = "on_hold", _("It is on hold: its payment is being looked into.")
    NOT_GOOD = "not_good", _("This gift can't be used any more.")
    SENT = "sent", _("It has left already, so its day can't be changed any more.")
    TOO_FAR = "too_far", _("Choose a day within one year from the day on which you paid.")
    NO_ADDRESS = "no_address", _("Where shall we send it?")
    NO_TEXTS = "no_texts", _("This shop can't text that number. Choose another way.")
    TOO_OFTEN = (
        "too_often",
        _("This was changed or sent as often as can be in one day. Try again tomorrow."),
    )


class MendRefused(Refused[MendRefusal]):
    pass


_OF_CODES = {
    RotationRefusal.ON_HOLD: MendRefusal.ON_HOLD,
    RotationRefusal.NOT_GOOD: MendRefusal.NOT_GOOD,
    RotationRefusal.USED: MendRefusal.USED,
    RotationRefusal.TOO_OFTEN: MendRefusal.TOO_OFTEN,
}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A gift as its sender wants it, or as it is: all of it that can be changed."""

    name: str
    channel: str
    email: str
    phone: str
    language: str
    """Empty: the order's."""
    message: str
    design: str
    deliver_at: datetime | None
    """None: at once."""
    time_zone: str

    @classmethod
    def of(cls, gift: Gift) -> "Wanted":
        """As it is kept. No query with its recipient."""
        recipient = gift.recipient
        return cls(
            name=recipient.name,
            channel=gift.channel,
            email=recipient.email,
            phone=recipient.phone,
            language=recipient.language,
            message=gift.message,
            design=gift.design,
            deliver_at=gift.deliver_at,
            time_zone=recipient.time_zone,
        )

    @property
    def facts(self) -> dict[str, Any]:
        """For core.forms.version."""
        return asdict(self)


def refusal_of(gift: Gift, now: datetime) -> MendRefusal | None:
    """Why it stays as it is; None while it can be changed. No query with its code and recipient."""
    if gift.code is None:
        return MendRefusal.NOT_PAID
    if gift.opened_at:
        return MendRefusal.OPENED
    if gift.recipient.erased_at:
        return MendRefusal.ERASED
    refusal = rotate.refusal_of(gift.code, now)
    return _OF_CODES[refusal] if refusal else None


def is_to_come(gift: Gift, now: datetime) -> bool:
    """Whether it waits for its day, which can still be another."""
    return not gift.is_due(now) and gift.sent_at is None


def mend(
    *,
    gift_id: UUID,
    order_id: UUID,
    wanted: Wanted,
    seen: str = "",
    actor: Actor = SYSTEM,
    reason: str = OwnReason.MENDED,
    now: datetime,
    device: Device | None = None,
) -> bool:
    """The gift becomes as it is wanted; False when it was so already, and nothing was done. Expects the
    brand's scope. `seen`: the version of what the form was filled in over.

    Raises MendRefused, SavedSince, and ActRefused where `actor` may not or says no reason.
    """
    with suppress(_Unchanged), _held(gift_id, order_id, now) as (gift, last):
        check_version(seen, kept=Wanted.of(gift).facts, wanted=wanted.facts)
        _become(gift, wanted, last, actor, reason, now, device)
        return True
    return False


def correct_address(
    *,
    gift: Gift,
    email: str,
    actor: Actor,
    reason: str,
    now: datetime,
    device: Device | None = None,
) -> bool:
    """Somebody of the brand, or whoever runs the installation, sends it by e-mail to another address: for a
    reason, and without the sender's limits. All else stays as it is kept by then, not as it was read.
    False where it goes there already. Raises MendRefused and ActRefused as `mend`."""
    with suppress(_Unchanged), _held(gift.pk, gift.order_id, now) as (held, last):
        wanted = replace(Wanted.of(held), channel=Gift.Channel.EMAIL, email=email)
        _become(held, wanted, last, actor, reason, now, device)
        return True
    return False


def send_now(*, gift_id: UUID, order_id: UUID, now: datetime) -> bool:
    """It waits for its day no longer; False when it was due already. Expects the brand's scope. Raises
    MendRefused."""
    with transaction.atomic():
        Order.objects.locked().get(pk=order_id)
        gift = _lock(gift_id, order_id, now)
        if not is_to_come(gift, now):
            return False
        gift.deliver_at = None
        gift.save(update_fields=["deliver_at"])
        _waiting(gift).update(available_at=now)
    return True


def send_again(*, gift: Gift, now: datetime) -> Delivery:
    """The same to the same address, because its sender asks. Expects `with_everything()` and the brand's
    scope. Raises MendRefused, repeat.RepeatRefused."""
    with transaction.atomic():
        _count(gift, now)
        return repeat_gift(gift=gift, actor=SYSTEM, reason=OwnReason.ASKED_AGAIN, now=now)


def hold_back(*, gift_id: UUID, order_id: UUID, link: bytes, now: datetime) -> Gift:
    """Whoever got it says that it is not for them: what they hold is good nowhere from that commit on, also
    if they opened it, and nothing leaves until its sender mends it. Expects the brand's scope. Raises
    MendRefused.

    `link`: the digest of the gift's link as they have it. Once that is another, nothing is left to do.
    """
    with transaction.atomic():
        order = Order.objects.locked().get(pk=order_id)
        gift = Gift.objects.with_everything().get(pk=gift_id)
        if bytes(gift.token_digest) != link:
            return gift
        _outdate(order, gift_id, now)
        gift = _lock(gift_id, order_id, now, was_opened=True)
        gift.opened_at, gift.asked_at = None, None
        _rotate(gift, SYSTEM, OwnReason.NOT_ME, now, None, moves=False)
        if gift.channel != Gift.Channel.LINK:
            gift.undeliverable_at = now
        gift.not_me_at = now
        gift.save(update_fields=["opened_at", "asked_at", "undeliverable_at", "not_me_at"])
    return gift


class _Unchanged(Exception):
    """It is as it is wanted: what was outdated for it is not, after all."""


@contextmanager
def _held(gift_id: UUID, order_id: UUID, now: datetime) -> Iterator[tuple[Gift, int]]:
    """The order, what was sent of the gift, and the gift, until commit: the gift with everything, and the
    number of its newest version. Raises MendRefused."""
    with transaction.atomic():
        order = Order.objects.locked().get(pk=order_id)
        last = _outdate(order, gift_id, now)
        yield _lock(gift_id, order_id, now), last


def _become(
    gift: Gift,
    wanted: Wanted,
    last: int,
    actor: Actor,
    reason: str,
    now: datetime,
    device: Device | None,
) -> None:
    """The held gift as it is wanted, and on its way anew after its version `last`. Raises _Unchanged,
    MendRefused, ActRefused."""
    kept = Wanted.of(gift)
    if kept == wanted:
        raise _Unchanged
    _refuse(gift, kept, wanted, now)
    if actor == SYSTEM:
        _count(gift, now)
    _write(gift, wanted)
    if not _is_passed_on_unchanged(kept, wanted):
        _rotate(gift, actor, reason, now, device, moves=kept.deliver_at != wanted.deliver_at)
        _send_instead(gift, last, now)


def _lock(gift_id: UUID, order_id: UUID, now: datetime, *, was_opened: bool = False) -> Gift:
    gifts = Gift.objects.with_everything().filter(pk=gift_id, order=order_id)
    gift = gifts.select_for_update(of=("self", "recipient"), no_key=True).get()
    refusal = refusal_of(gift, now)
    if refusal is MendRefusal.OPENED and was_opened:
        assert gift.code is not None  # nosec B101  # it was opened
        used = rotate.refusal_of(gift.code, now)
        refusal = _OF_CODES[used] if used else None
    if refusal:
        raise MendRefused(refusal)
    return gift


def _outdate(order: Order, gift_id: UUID, now: datetime) -> int:
    """Nothing of it that has not left leaves any more. The first version is written even where none was
    begun: a worker may have read the gift already, and finds here that it comes too late.
    Answers the newest number."""
    over = {
        "state": Delivery.State.OUTDATED,
        "leased_until": None,
        "worker_id": None,
        "over_at": now,
    }
    subject = {"purpose": GIFT.name, "subject": f"gift:{gift_id}", "addressee": ""}
    Delivery.objects.get_or_create(
        **subject, version=1, defaults={**over, "brand_id": order.brand_id, "created_at": now}
    )
    sent = Delivery.objects.filter(**subject).order_by("version")
    rows = list(sent.select_for_update(of=("self",), no_key=True))
    open_ones = [row.pk for row in rows if not row.is_over]
    Delivery.objects.filter(pk__in=open_ones).update(**over)
    return rows[-1].version


def _refuse(gift: Gift, kept: Wanted, wanted: Wanted, now: datetime) -> None:
    moved = kept.deliver_at != wanted.deliver_at
    if moved and not is_to_come(gift, now):
        raise MendRefused(MendRefusal.SENT)
    paid_at = gift.order.paid_at or now
    if moved and wanted.deliver_at and wanted.deliver_at > paid_at + SCHEDULE_AHEAD_MAX:
        raise MendRefused(MendRefusal.TOO_FAR)
    if wanted.channel == Gift.Channel.EMAIL and not is_address(wanted.email):
        raise MendRefused(MendRefusal.NO_ADDRESS)
    if wanted.channel in Gift.BY_NUMBER and not wanted.phone:
        raise MendRefused(MendRefusal.NO_ADDRESS)
    is_other = (kept.channel, kept.phone) != (wanted.channel, wanted.phone)
    if is_other and wanted.channel in Gift.BY_NUMBER and not _may_text(gift, wanted):
        raise MendRefused(MendRefusal.NO_TEXTS)


def _may_text(gift: Gift, wanted: Wanted) -> bool:
    brand, number, channel = gift.order.brand, wanted.phone, wanted.channel
    return is_mobile(number) and not allowed.refusal(brand=brand, number=number, channel=channel)


def _count(gift: Gift, now: datetime) -> None:
    """Rows that nobody waits for who holds another; taken last but for the audit log's."""
    if rate_limits.wait_to_send_again(
        gift_id=gift.pk, order_id=gift.order_id, sender=gift.order.sender_email, now=now
    ):
        raise MendRefused(MendRefusal.TOO_OFTEN)


def _write(gift: Gift, wanted: Wanted) -> None:
    recipient = gift.recipient
    recipient.name = in_one_line(wanted.name)
    if wanted.email != recipient.email:
        recipient.is_address_hidden = False  # the sender's own word
    recipient.email, recipient.phone = wanted.email, wanted.phone
    recipient.language, recipient.time_zone = wanted.language, wanted.time_zone
    recipient.save(
        update_fields=["name", "email", "is_address_hidden", "phone", "language", "time_zone"]
    )
    gift.channel, gift.deliver_at = wanted.channel, wanted.deliver_at
    gift.message, gift.design = without_turning(wanted.message), wanted.design
    gift.save(update_fields=["channel", "deliver_at", "message", "design"])


def _is_passed_on_unchanged(kept: Wanted, wanted: Wanted) -> bool:
    """A link that its sender passes on stays good while only what its page says is another."""
    return (
        kept.channel == wanted.channel == Gift.Channel.LINK
        and kept.name == wanted.name
        and kept.deliver_at == wanted.deliver_at
    )


def _rotate(
    gift: Gift, actor: Actor, reason: str, now: datetime, device: Device | None, *, moves: bool
) -> None:
    assert gift.code_id  # nosec B101  # _lock looked
    try:
        gift.code = rotate.rotate(
            code_id=gift.code_id,
            actor=actor,
            reason=reason,
            recipient_name=gift.recipient.short_name,
            arrives_at=gift.deliver_at if moves else None,
            now=now,
            device=device,
        )
    except ActRefused as refused:  # a till was faster
        if refusal := _OF_CODES.get(cast(RotationRefusal, refused.reason)):
            raise MendRefused(refusal) from None
        raise
    retire_link(gift, now)
    token = crypto.new_token()
    gift.token_digest = crypto.token_digest(token)
    gift.token_ciphertext = crypto.seal(token, context=f"gift:{gift.pk}")
    gift.sent_at = gift.delivered_at = gift.undeliverable_at = None
    gift.passed_on_at = gift.printed_at = gift.code_left_at = None
    gift.save(
        update_fields=[
            "token_digest",
            "token_ciphertext",
            "sent_at",
            "delivered_at",
            "undeliverable_at",
            "passed_on_at",
            "printed_at",
            "code_left_at",
        ]
    )


def _send_instead(gift: Gift, last: int, now: datetime) -> None:
    """The next version, when it is due; what waits for an older one moves with it, and then finds it
    outdated. One that nobody sends is written, too: what a provider reports late of an older one speaks for
    the gift no more."""
    due = max(gift.deliver_at or now, now)
    _waiting(gift).update(available_at=due)
    is_ours = gift.channel in SENDERS
    delivery = Delivery.objects.create(
        brand_id=gift.brand_id,
        purpose=GIFT.name,
        subject=GIFT.subject(gift),
        address=GIFT.address(gift),
        channel=gift.channel,
        version=last + 1,
        state=Delivery.State.PENDING if is_ours else Delivery.State.OUTDATED,
        over_at=None if is_ours else now,
        created_at=now,
    )
    if not is_ours:
        return
    emit(
        topic=Topic.EMAIL_REPEATED,
        brand_id=gift.brand_id,
        payload={"delivery_id": str(delivery.pk), "gift_id": str(gift.pk)},
        now=now,
        available_at=due,
    )


def _waiting(gift: Gift) -> "models.QuerySet[Message]":
    """What has it sent."""
    told = [Topic.GIFT_READY, Topic.EMAIL_REPEATED]
    return Message.objects.about([str(gift.pk)]).filter(topic__in=told)
