"""The letter with the digits."""

from django.core.mail import EmailMessage
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from giftshop.delivery.email_parts import letter
from giftshop.delivery.emails import mark
from giftshop.delivery.models import Delivery
from giftshop.openings.models import OpeningCode


def opening_letter(delivery: Delivery, asked: OpeningCode) -> EmailMessage:
    """To the recipient, or to the sender, who passes the digits on to the one they know. Without the link.
    Raises ValueError once the digits are forgotten."""
    gift, order = asked.gift, asked.gift.order
    to_sender = asked.reader == OpeningCode.Reader.SENDER
    language = order.language if to_sender else gift.language
    with translation.override(language), timezone.override(order.brand.tz):
        subject = (
            _("A code for the gift that you sent %(name)s")
            if to_sender
            else _("A code for your gift from %(name)s")
        )
        name = gift.recipient.short_name if to_sender else order.sender
        return letter(
            delivery=delivery,
            name="gift_opening_code",
            subject=subject,
            named={"name": name},
            context={
                "code": asked.plain(),
                "to_sender": to_sender,
                "recipient": gift.recipient.short_name,
                "sender": order.sender,
            },
            pictures=mark(order.brand),
        )
