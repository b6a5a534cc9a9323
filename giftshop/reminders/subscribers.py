"""What was promised is sent: once, by day, and only while it still holds at that moment."""

from functools import partial
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import scope

from giftshop.delivery.channels import SENDERS
from giftshop.delivery.purposes import Purpose, register
from giftshop.delivery.send import send
from giftshop.offers.models import Offer
from giftshop.orders.models import Gift
from giftshop.outbox.models import Message
from giftshop.outbox.outbox import NotYet, Queue, subscribe
from giftshop.outbox.topics import Topic
from giftshop.reminders import offer_emails, return_unopened
from giftshop.reminders.emails import (
    question_letter,
    reminder_letter,
    reminder_template,
    reminder_text,
)
from giftshop.reminders.quiet_hours import after_quiet_hours, clock_of
from giftshop.reminders.schedule import REMINDERS, Kind, is_wanted
from giftshop.texts.allowed import To
from giftshop.texts.consent import Agreed, agreed


class QuietHours(NotYet):
    """It is night where they are: a worker was late, or clocks were changed."""


def _still_holds(kind: Kind, gift: Gift) -> bool:
    now = Gift.objects.with_everything().get(pk=gift.pk)
    return is_wanted(now, kind, timezone.now())


def _agreed(gift: Gift) -> Agreed | None:
    """Where whoever it is for wants reminders. One query where the brand sends any, by WhatsApp two."""
    by_phone = gift.channel in Gift.BY_NUMBER
    phone = gift.recipient.phone if by_phone else ""
    return agreed(brand=gift.order.brand, page=f"gift:{gift.pk}", phone=phone)


def _address(gift: Gift) -> str:
    found = _agreed(gift)
    return found.number if found else gift.recipient.email


def _channel(gift: Gift) -> str:
    found = _agreed(gift)
    return found.channel if found else Gift.Channel.EMAIL


PURPOSES = {
    kind: register(
        Purpose[Gift](
            name=kind.value,
            subject=lambda gift: f"gift:{gift.pk}",
            address=_address,
            channel=_channel,
            is_recipients=True,
            compose=reminder_letter,
            text=reminder_text,
            template=reminder_template,
            texts_to=To.AGREED,
            still_holds=partial(_still_holds, kind),
            why=_("We wrote to you because a gift waits for you. It stays yours."),
        )
    )
    for kind in REMINDERS
}
PURPOSES[Kind.ASK_SENDER] = register(
    Purpose[Gift](
        name=Kind.ASK_SENDER.value,
        subject=lambda gift: f"gift:{gift.pk}",
        address=lambda gift: gift.order.sender_email,
        compose=question_letter,
        still_holds=partial(_still_holds, Kind.ASK_SENDER),
        followed_by=return_unopened.note_told,
        when_reported=return_unopened.note_report,
        why=_(
            "We wrote to you because nobody has opened a gift of yours. Receipts for what you buy will still"
            " come."
        ),
    )
)


@subscribe(Topic.GIFT_UNOPENED, name="reminders.return_unopened")
def send_back(message: Message) -> None:
    with scope(brand=message.brand_id):
        gift_id = UUID(str(message.payload["gift_id"]))
        return_unopened.return_unopened(gift_id=gift_id, now=timezone.now())


@subscribe(Topic.REMINDER_DUE, name="reminders.send", queue=Queue.MAIL)
def send_reminder(message: Message) -> None:
    """By text to whoever said yes to that. Nothing to whoever has no address here: of a link that the sender
    passes on nobody but them knows."""
    kind = Kind(message.payload["kind"])
    with scope(brand=message.brand_id):
        gift = Gift.objects.with_everything().get(pk=message.payload["gift_id"])
        now = timezone.now()
        if not is_wanted(gift, kind, now):
            return
        if kind is Kind.ASK_SENDER:
            Gift.objects.filter(pk=gift.pk, asked_at=None).update(asked_at=now)
        elif not (_agreed(gift) or (gift.channel in SENDERS and gift.recipient.email)):
            return
        elif after_quiet_hours(now, clock_of(gift)) > now:
            raise QuietHours
        send(purpose=PURPOSES[kind], about=gift, brand=gift.order.brand)


@subscribe(Topic.OFFER_USED, name="reminders.offer_used", queue=Queue.MAIL)
@subscribe(Topic.HANDOUT_MADE, name="reminders.handout_made", queue=Queue.MAIL)
def send_offer_alarm(message: Message) -> None:
    """That it ends soon, or has ended. Of most uses there is nothing to say, and nothing is asked."""
    level = message.payload.get("level")
    if not level:
        return
    with scope(brand=message.brand_id):
        offer = Offer.objects.select_related("brand").get(pk=message.payload["offer_id"])
        offer_emails.send_alarm(offer, Offer.Level(level))
