"""What follows from an order that was paid, a gift that is due, thanks that were said, an alarm: e-mails.

The outbox calls each at least once; sending.send makes that once. What shall be tried again is raised.
"""

from django.utils import timezone
from django_scopes import scope

from giftshop.accounts.models import User
from giftshop.delivery import emails
from giftshop.delivery.channels import SENDERS, TryLater
from giftshop.delivery.models import Delivery
from giftshop.delivery.send import BeingSent, send
from giftshop.orders.models import Gift, Order
from giftshop.outbox.models import Message
from giftshop.outbox.outbox import NotYet, Queue, subscribe
from giftshop.outbox.topics import Topic
from redemption.models import Alarm, Code


class OnHold(NotYet):
    """The gift's payment is being looked into; the message waits for the end of it."""


class NotDueYet(NotYet):
    """The gift was put off after this message was written; the message waits with it."""


@subscribe(Topic.ORDER_PAID, name="delivery.receipt", queue=Queue.MAIL)
def send_receipt(message: Message) -> None:
    with scope(brand=message.brand_id):
        order = Order.objects.select_related("brand").get(pk=message.payload["order_id"])
        send(
            purpose=Delivery.Purpose.RECEIPT,
            address=order.sender_email,
            compose=emails.receipt_letter,
            brand=order.brand,
            order=order,
        )


@subscribe(Topic.GIFT_READY, name="delivery.gift", queue=Queue.MAIL)
def send_gift(message: Message) -> None:
    """To the friend, if we are the ones to bring it. A link is ready by itself: its page opens now."""
    with scope(brand=message.brand_id):
        gift = Gift.objects.with_everything().get(pk=message.payload["gift_id"])
        if gift.channel not in SENDERS:
            return
        if gift.code is None or gift.code.state not in {Code.State.ACTIVE, Code.State.ON_HOLD}:
            return  # taken back, or used by other means, before it was due
        if gift.code.state == Code.State.ON_HOLD:
            raise OnHold
        if not gift.is_due(timezone.now()):
            raise NotDueYet
        send(
            purpose=Delivery.Purpose.GIFT,
            address=gift.friend.email,
            compose=emails.gift_letter,
            brand=gift.order.brand,
            order=gift.order,
            gift=gift,
        )


@subscribe(Topic.GIFT_THANKED, name="delivery.thanks", queue=Queue.MAIL)
def send_thanks(message: Message) -> None:
    with scope(brand=message.brand_id):
        gift = Gift.objects.with_everything().get(pk=message.payload["gift_id"])
        send(
            purpose=Delivery.Purpose.THANKS,
            address=gift.order.sender_email,
            compose=emails.thanks_letter,
            brand=gift.order.brand,
            order=gift.order,
            gift=gift,
        )


@subscribe(Topic.ALARM_RAISED, name="delivery.alarm", queue=Queue.MAIL)
def send_alarm(message: Message) -> None:
    """To each owner of the brand. One whose mail server is away keeps nobody else from being told."""
    with scope(brand=message.brand_id):
        alarm = Alarm.objects.select_related("brand").get(pk=message.payload["alarm_id"])
        if alarm.brand is None:
            return  # no brand's: for whoever runs the machine, who reads it in the log
        late: Exception | None = None
        for owner in User.objects.owning(alarm.brand):
            try:
                send(
                    purpose=Delivery.Purpose.ALARM,
                    address=owner.email,
                    compose=emails.alarm_letter,
                    brand=alarm.brand,
                    alarm=alarm,
                    user=owner,
                )
            except (TryLater, BeingSent) as error:
                late = error
        if late:
            raise late
