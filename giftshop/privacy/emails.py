"""The letter to a sender whose gift reached somebody else."""

from django.core.mail import EmailMessage
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core.bidi import isolated
from giftshop.delivery.email_parts import letter
from giftshop.delivery.emails import mark, order_url
from giftshop.delivery.models import Delivery
from giftshop.orders.models import Gift
from giftshop.reminders.emails import Words


def not_me_letter(delivery: Delivery, gift: Gift) -> EmailMessage:
    """In the order's language. It does not say who they are."""
    order = gift.order
    facts = {
        "name": isolated(gift.recipient.short_name),
        "brand": isolated(order.brand.name),
    }
    with translation.override(order.language), timezone.override(order.brand.tz):
        words = Words(
            _("Your gift to %(name)s reached somebody else"),
            _("Your gift to %(name)s reached somebody else") % facts,
            _("Whoever got it told us that it is not for them. So we hold it back.") % facts,
            _(
                "Nothing is lost: its old link and code are good nowhere any more, and the money stays on it."
                " Put the address right, and it goes out anew."
            ),
            _("Put the address right"),
            _("You get this because you gave something from %(brand)s.") % facts,
        )
        return letter(
            delivery=delivery,
            name="reminder",
            subject=words.subject,
            named={"name": gift.recipient.short_name},
            context={"words": words, "url": order_url(order), "is_needed": True},
            pictures=mark(order.brand),
        )
