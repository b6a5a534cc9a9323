"""What follows from a code that was asked for: one e-mail, and the digits are forgotten."""

from datetime import datetime

from django.utils import timezone
from django_scopes import scope

from giftshop.delivery.models import Delivery
from giftshop.delivery.purposes import Purpose, register
from giftshop.delivery.send import send
from giftshop.openings.emails import opening_letter
from giftshop.openings.models import OpeningCode
from giftshop.outbox.models import Message
from giftshop.outbox.outbox import Queue, subscribe
from giftshop.outbox.topics import Topic


def _address(asked: OpeningCode) -> str:
    if asked.reader == OpeningCode.Reader.SENDER:
        return asked.gift.order.sender_email
    return asked.gift.recipient.email


def _forget(asked: OpeningCode, _state: Delivery.State, _now: datetime) -> None:
    OpeningCode.objects.filter(pk=asked.pk).update(ciphertext=None)


OPENING_CODE = register(
    Purpose[OpeningCode](
        name="gift_opening_code",
        subject=lambda asked: f"gift:{asked.gift_id}",
        addressee=lambda asked: f"{asked.reader}:{asked.pk}",
        address=_address,
        compose=opening_letter,
        followed_by=_forget,
        is_needed=True,
    )
)


@subscribe(Topic.OPENING_CODE_ASKED, name="openings.code", queue=Queue.MAIL)
def send_code(message: Message) -> None:
    """Not one that is over by now: nobody waits for it."""
    with scope(brand=message.brand_id):
        rows = OpeningCode.objects.select_related("gift__order__brand", "gift__recipient")
        asked = rows.filter(
            pk=message.payload["opening_code_id"], used_at=None, expires_at__gt=timezone.now()
        ).first()
        if asked and asked.ciphertext is not None:
            send(purpose=OPENING_CODE, about=asked, brand=asked.gift.order.brand)
