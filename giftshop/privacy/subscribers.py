"""A sender hears that their gift reached somebody else, once each time."""

from django_scopes import scope

from giftshop.delivery.purposes import Purpose, register
from giftshop.delivery.send import send
from giftshop.orders.models import Gift
from giftshop.outbox.models import Message
from giftshop.outbox.outbox import Queue, subscribe
from giftshop.outbox.topics import Topic
from giftshop.privacy.emails import not_me_letter

NOT_ME = register(
    Purpose[Gift](
        name="not_me",
        subject=lambda gift: f"gift:{gift.pk}",
        address=lambda gift: gift.order.sender_email,
        compose=not_me_letter,
        is_needed=True,
    )
)


@subscribe(Topic.GIFT_NOT_THEIRS, name="privacy.tell_sender", queue=Queue.MAIL)
def tell_sender(message: Message) -> None:
    """Not once they mended it already."""
    with scope(brand=message.brand_id):
        gift = Gift.objects.with_everything().get(pk=message.payload["gift_id"])
        if gift.is_held_back:
            version = int(message.payload["version"])
            send(purpose=NOT_ME, about=gift, brand=gift.order.brand, version=version)
