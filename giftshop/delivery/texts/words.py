"""The words of the texts. In the alphabet of GSM where our languages have it: any other letter makes a text
dearer."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from brands.models import Brand
from core import crypto
from core.bidi import in_one_line, isolated
from giftshop.delivery.emails import gift_url
from giftshop.delivery.models import Delivery
from giftshop.friends import salutation
from giftshop.orders.models import Gift
from giftshop.texts.templates import Filled, Kind
from redemption import code_format


def gift_text(delivery: Delivery, gift: Gift) -> str:
    """Who it is from, the link, the code: nothing that anybody could call advertising."""
    return gift_text_of(delivery, gift, plain=_plain(gift), token=gift.link_token())


def gift_text_of(delivery: Delivery, gift: Gift, *, plain: str, token: str) -> str:
    """The same for a code and a link that are told."""
    with translation.override(gift.language):
        words = _("%(sender)s sent you a gift from %(brand)s: %(url)s Code %(code)s. STOP to end")
        if delivery.sender.hides_code:
            words = _("%(sender)s sent you a gift from %(brand)s: %(url)s STOP to end")
        told = _told(delivery, gift, plain=plain, token=token)
        return words % {name: in_one_line(value) for name, value in told.items()}


def gift_template(delivery: Delivery, gift: Gift) -> Filled:
    """The same for WhatsApp."""
    return gift_template_of(delivery, gift, plain=_plain(gift), token=gift.link_token())


def gift_template_of(delivery: Delivery, gift: Gift, *, plain: str, token: str) -> Filled:
    """The same for a code and a link that are told."""
    kind = Kind.GIFT_HIDDEN if delivery.sender.hides_code else Kind.GIFT
    return Filled(kind, gift.language, _told(delivery, gift, plain=plain, token=token))


def _plain(gift: Gift) -> str:
    plain = gift.code.reveal() if gift.code else None
    if plain is None:
        raise ValueError("a gift without a code has nothing to show")
    return plain


def _told(delivery: Delivery, gift: Gift, *, plain: str, token: str) -> dict[str, str]:
    return {
        "sender": salutation.short_name(gift.order.sender),
        "brand": delivery.sender.name,
        "url": settings.BASE_URL + reverse("gift", args=[token]),
        "code": code_format.grouped(plain),
    }


def link_template(delivery: Delivery, gift: Gift) -> Filled:
    """The same as `link_text` for WhatsApp."""
    told = {
        "brand": delivery.sender.name,
        "recipient": gift.recipient.short_name,
        "url": gift_url(gift),
    }
    return Filled(Kind.LINK, gift.order.language, told)


def link_text(delivery: Delivery, gift: Gift) -> str:
    """To the sender's own phone: the link that they pass on, and for whom it is."""
    with translation.override(gift.order.language):
        words = _("%(brand)s: your gift for %(recipient)s, to pass on: %(url)s STOP to end")
        return words % {
            "brand": in_one_line(delivery.sender.name),
            "recipient": in_one_line(gift.recipient.short_name),
            "url": gift_url(gift),
        }


def sample(brand: Brand) -> str:
    """A usual one, for an owner who wants to know what it says. In the active language."""
    return _("%(sender)s sent you a gift from %(brand)s: %(url)s Code %(code)s. STOP to end") % {
        "sender": "Katharina",
        "brand": isolated(in_one_line(brand.name)),
        "url": settings.BASE_URL + reverse("gift", args=["x" * len(crypto.new_token())]),
        "code": code_format.grouped("ABCDEFGH2345678JK"),
    }
