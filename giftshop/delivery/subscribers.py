"""What follows from an order that was paid, a gift that is due, thanks that were said, an alarm: e-mails.

The outbox calls each at least once; send.send makes that once. What shall be tried again is raised.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from django.db.models import Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import scope

from brands.models import Brand
from giftshop.accounts.models import AccountLetter, Invitation, User
from giftshop.delivery import (
    emails,
    orders_found,  # noqa: F401  - registers itself
    reports,
)
from giftshop.delivery.account_emails import account_letter
from giftshop.delivery.arrival import is_for_its_sender, newest_of
from giftshop.delivery.channels import SENDERS
from giftshop.delivery.gift_group import GiftGroup
from giftshop.delivery.models import Delivery, Report
from giftshop.delivery.purposes import Purpose, register
from giftshop.delivery.send import send, send_to_owners
from giftshop.delivery.texts import consents  # noqa: F401  - registers itself
from giftshop.delivery.texts.words import gift_template, gift_text, link_template, link_text
from giftshop.orders.models import Gift, Order
from giftshop.outbox.models import Message
from giftshop.outbox.outbox import NotYet, Queue, emit, in_groups, subscribe
from giftshop.outbox.topics import Topic
from giftshop.texts.allowed import To
from redemption.models import Alarm, Code


class OnHold(NotYet):
    """The gift's payment is being looked into; the message waits for the end of it."""


class NotDueYet(NotYet):
    """The gift was put off after this message was written; the message waits with it."""


class Told(NamedTuple):
    """An alarm, to one of the brand's owners."""

    alarm: Alarm
    owner: User


def _note_on_gift(gift: Gift, state: Delivery.State, now: datetime) -> None:
    """That it was sent is told on, once. Otherwise the sender is told, and given other ways on the order's
    page; until it is sent again and arrives."""
    if state == Delivery.State.OUTDATED:
        return
    # Also one that was refused may have been read on its way.
    is_known = state == Delivery.State.SUPPRESSED or gift.order.brand.hides_code
    left: dict[str, Any] = (
        {} if is_known else {"code_left_at": Coalesce("code_left_at", Value(now))}
    )
    if state != Delivery.State.SENT:
        _note_undeliverable(gift, now, left)
        return
    # What was said of an older version.
    anew = {"undeliverable_at": None, "delivered_at": None, **left}
    if Gift.objects.filter(pk=gift.pk, sent_at__isnull=True).update(sent_at=now, **anew):
        emit(
            topic=Topic.GIFT_SENT,
            brand_id=gift.brand_id,
            payload={"gift_id": str(gift.pk)},
            now=now,
        )
    else:
        was_told = Q(undeliverable_at__isnull=False) | Q(delivered_at__isnull=False)
        if left:
            was_told |= Q(code_left_at=None)
        Gift.objects.filter(was_told, pk=gift.pk).update(**anew)


def _note_report_on_gift(delivery: Delivery, report: Report, now: datetime) -> None:
    gift = Gift.objects.get(pk=delivery.subject.partition(":")[2])
    if delivery.state == Delivery.State.BOUNCED:
        _note_undeliverable(gift, now)
    else:
        Gift.objects.filter(pk=gift.pk, delivered_at=None).update(delivered_at=report.at)


def _note_undeliverable(gift: Gift, now: datetime, more: Mapping[str, Any] | None = None) -> None:
    Gift.objects.filter(pk=gift.pk).update(undeliverable_at=now, delivered_at=None, **(more or {}))
    emit(
        topic=Topic.GIFT_UNDELIVERABLE,
        brand_id=gift.brand_id,
        payload={"gift_id": str(gift.pk)},
        now=now,
    )


RECEIPT = register(
    Purpose[Order](
        name="receipt",
        subject=lambda order: f"order:{order.pk}",
        address=lambda order: order.sender_email,
        compose=emails.receipt_letter,
        is_needed=True,
    )
)
GIFT = register(
    Purpose[Gift](
        name="gift",
        subject=lambda gift: f"gift:{gift.pk}",
        address=lambda gift: (
            gift.recipient.email if gift.channel == Gift.Channel.EMAIL else gift.recipient.phone
        ),
        is_recipients=True,
        compose=emails.gift_letter,
        text=gift_text,
        template=gift_template,
        channel=lambda gift: gift.channel,
        followed_by=_note_on_gift,
        when_reported=_note_report_on_gift,
        why=_(
            "We wrote to you because a friend sent you a gift; we write for nothing else. The gift you got"
            " stays yours."
        ),
    )
)
UNDELIVERABLE = register(
    Purpose[Gift](
        name="undeliverable",
        subject=lambda gift: f"gift:{gift.pk}",
        address=lambda gift: gift.order.sender_email,
        compose=emails.undeliverable_letter,
        is_needed=True,
    )
)
LINK = register(
    Purpose[Gift](
        name="link",
        subject=lambda gift: f"gift:{gift.pk}",
        address=lambda gift: gift.order.sender_phone,
        channel=lambda gift: gift.order.sender_channel,
        text=link_text,
        template=link_template,
        texts_to=To.SENDER,
        why=_("You asked for the links of your gifts as texts."),
    )
)
THANKS = register(
    Purpose[Gift](
        name="thanks",
        subject=lambda gift: f"gift:{gift.pk}",
        address=lambda gift: gift.order.sender_email,
        compose=emails.thanks_letter,
        why=_(
            "We wrote to you because a friend thanked you. Receipts for what you buy will still come."
        ),
    )
)
ALARM = register(
    Purpose[Told](
        name="alarm",
        subject=lambda told: f"alarm:{told.alarm.pk}",
        addressee=lambda told: f"user:{told.owner.pk}",
        address=lambda told: told.owner.email,
        compose=lambda delivery, told: emails.alarm_letter(delivery, told.alarm),
        is_needed=True,
    )
)


INVITATION = register(
    Purpose[Invitation](
        name="invitation",
        subject=lambda invited: f"invitation:{invited.pk}",
        address=lambda invited: invited.email,
        compose=emails.invitation_letter,
        is_needed=True,
    )
)


def _forget_secret(told: AccountLetter, _state: Delivery.State, _now: datetime) -> None:
    AccountLetter.objects.filter(pk=told.pk).update(secret_ciphertext=None)


ACCOUNT = {
    kind: register(
        Purpose[AccountLetter](
            name=kind,
            subject=lambda told: f"letter:{told.pk}",
            addressee=lambda told: f"user:{told.user_id}" if told.user_id else "",
            address=lambda told: told.address,
            compose=account_letter,
            is_needed=True,
            followed_by=_forget_secret,
        )
    )
    for kind in AccountLetter.Kind
}


@subscribe(Topic.ORDER_PAID, name="delivery.receipt", queue=Queue.MAIL)
def send_receipt(message: Message) -> None:
    with scope(brand=message.brand_id):
        order = Order.objects.select_related("brand").get(pk=message.payload["order_id"])
        send(purpose=RECEIPT, about=order, brand=order.brand)


@subscribe(Topic.GIFT_READY, name="delivery.gift", queue=Queue.MAIL)
def send_gift(message: Message) -> None:
    """To the recipient, if we are the ones to bring it. A link is ready by itself: its page opens now."""
    with scope(brand=message.brand_id):
        gift = Gift.objects.with_everything().get(pk=message.payload["gift_id"])
        if _may_go(gift):
            send(purpose=GIFT, about=gift, brand=gift.order.brand)
        elif _is_for_its_sender(gift):
            send(purpose=LINK, about=gift, brand=gift.order.brand)


in_groups("delivery.gift", partial(GiftGroup, GIFT))


def _is_for_its_sender(gift: Gift) -> bool:
    """A link that they pass on, to be texted to their own phone."""
    is_good = gift.code is not None and gift.code.state == Code.State.ACTIVE
    return gift.channel == Gift.Channel.LINK and bool(gift.order.sender_phone) and is_good


def _may_go(gift: Gift) -> bool:
    """Raises OnHold and NotDueYet while it has to wait."""
    if gift.channel not in SENDERS or gift.recipient.erased_at:
        return False
    if gift.code is None or gift.code.state not in {Code.State.ACTIVE, Code.State.ON_HOLD}:
        return False  # taken back, or used by other means, before it was due
    if gift.code.state == Code.State.ON_HOLD:
        raise OnHold
    if not gift.is_due(timezone.now()):
        raise NotDueYet
    return True


@subscribe(Topic.EMAIL_REPEATED, name="delivery.repeat", queue=Queue.MAIL)
def send_again(message: Message) -> None:
    """The version that repeat.py wrote. One of a gift that was used up meanwhile is given up."""
    with scope(brand=message.brand_id):
        waiting = Delivery.objects.get(pk=message.payload["delivery_id"])
        if waiting.is_over:
            return
        if order_id := message.payload.get("order_id"):
            order = Order.objects.select_related("brand").get(pk=order_id)
            send(purpose=RECEIPT, about=order, brand=order.brand, version=waiting.version)
            return
        gift = Gift.objects.with_everything().get(pk=message.payload["gift_id"])
        if _may_go(gift):
            send(purpose=GIFT, about=gift, brand=gift.order.brand, version=waiting.version)
        else:
            untouched = Delivery.objects.filter(pk=waiting.pk, state=Delivery.State.PENDING)
            untouched.update(state=Delivery.State.FAILED, over_at=timezone.now())


@subscribe(Topic.DELIVERY_REPORTED, name="delivery.report")
def note_report(message: Message) -> None:
    """Not in the queue of mails: a mail server that hangs keeps no bounce from being heard."""
    report = Report.objects.get(pk=message.payload["report_id"])
    reports.work_off(report, now=timezone.now())


@subscribe(Topic.GIFT_UNDELIVERABLE, name="delivery.undeliverable", queue=Queue.MAIL)
def send_undeliverable(message: Message) -> None:
    """To the sender, once for each version that came back; not where the gift got there all the same."""
    with scope(brand=message.brand_id):
        gift = Gift.objects.with_everything().get(pk=message.payload["gift_id"])
        failed = newest_of(gift)
        if failed and is_for_its_sender(gift):
            send(purpose=UNDELIVERABLE, about=gift, brand=gift.order.brand, version=failed.version)


@subscribe(Topic.GIFT_THANKED, name="delivery.thanks", queue=Queue.MAIL)
def send_thanks(message: Message) -> None:
    with scope(brand=message.brand_id):
        gift = Gift.objects.with_everything().get(pk=message.payload["gift_id"])
        send(purpose=THANKS, about=gift, brand=gift.order.brand)


@subscribe(Topic.ALARM_RAISED, name="delivery.alarm", queue=Queue.MAIL)
def send_alarm(message: Message) -> None:
    """To each owner of the brand."""
    with scope(brand=message.brand_id):
        alarm = Alarm.objects.select_related("brand").get(pk=message.payload["alarm_id"])
        if alarm.brand is None:
            return  # no brand's: for whoever runs the machine, who reads it in the log
        send_to_owners(alarm.brand, ALARM, lambda owner: Told(alarm, owner))


@subscribe(Topic.MEMBER_INVITED, name="delivery.invitation", queue=Queue.MAIL)
def send_invitation(message: Message) -> None:
    """Not once it was withdrawn, taken up or too old."""
    waiting = Invitation.objects.waiting(timezone.now()).select_related("brand", "invited_by")
    invited = waiting.filter(pk=message.payload["invitation_id"]).first()
    if invited is None or invited.brand is None:
        return
    with scope(brand=invited.brand):
        send(purpose=INVITATION, about=invited, brand=invited.brand)


@subscribe(Topic.ACCOUNT_NOTIFIED, name="delivery.account", queue=Queue.MAIL)
def send_account_letter(message: Message) -> None:
    """Not to somebody who can't sign in any more, and not when the mail server was away for so long that
    nobody waits for it."""
    waiting = AccountLetter.objects.filter(expires_at__gt=timezone.now())
    waiting = waiting.filter(Q(user=None) | Q(user__is_active=True))
    told = waiting.filter(pk=message.payload["letter_id"]).first()
    if told is None:
        return
    brand = Brand.objects.get(pk=message.brand_id) if message.brand_id else None
    with scope(brand=brand):
        send(purpose=ACCOUNT[AccountLetter.Kind(told.kind)], about=told, brand=brand)
