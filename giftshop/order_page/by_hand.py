"""Ways in which a sender passes a gift on by their own hand: words in the recipient's language and the link.

Each is an address that the sender's own phone opens: nothing of theirs is read, and nothing is sent by us.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlencode

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from core.bidi import isolated
from giftshop.catalog.brands import language_shown
from giftshop.friends.salutation import short_name
from giftshop.order_page.progress import Progress
from giftshop.orders.models import Gift
from giftshop.orders.print_card import is_printable


@dataclass(frozen=True)
class Hand:
    """What a gift's ticket offers."""

    standing: str
    """As Progress.hand has it."""
    is_next: bool
    """The first of the page that waits for its sender; one that was lost is put right first."""
    link: str
    words: str
    marked_at: str
    """Where to say that it was sent; empty once that was said, or the gift was opened."""
    card: str
    """Where it can be printed; empty where it can't."""
    message: str
    whatsapp: str
    telegram: str
    messenger_desk: str
    messenger_phone: str
    """Both empty where this installation has no app at Facebook."""


def of(told: Sequence[Progress], token: str, now: datetime) -> Iterator[Hand | None]:
    """For each gift of an order. `token`: the order's. No query."""
    waiting = (item for item in told if item.hand == "first" and not item.is_lost)
    following = next((item.gift.pk for item in waiting), None)
    for item in told:
        yield _hand(item, token, item.gift.pk == following, now) if item.hand else None


def _hand(item: Progress, token: str, is_next: bool, now: datetime) -> Hand:
    gift = item.gift
    link = settings.BASE_URL + reverse("gift", args=[gift.link_token()])
    words = words_of(gift)
    text = f"{words} {link}"
    phone = gift.recipient.phone
    waits = (
        gift.opened_at is None
        and gift.passed_on_at is None
        and item.state != "on_hold"
        and gift.is_due(now)
    )
    app = settings.FACEBOOK_APP_ID
    return Hand(
        standing=item.hand,
        is_next=is_next,
        link=link,
        words=words,
        marked_at=reverse("order-gift-passing-on", args=[token, gift.position]) if waits else "",
        card=reverse("order-gift-card", args=[token, gift.position])
        if is_printable(gift, now)
        else "",
        # Both phones' systems take this spelling, with and without a number.
        message=f"sms:{phone}?&body={quote(text)}",
        whatsapp=f"https://wa.me/{phone.removeprefix('+')}?text={quote(text)}",
        telegram=f"https://t.me/share/url?{urlencode({'url': link, 'text': words})}",
        messenger_desk=_send_dialog(app, link, gift) if app else "",
        messenger_phone=f"fb-messenger://share/?{urlencode({'link': link, 'app_id': app})}"
        if app
        else "",
    )


def _send_dialog(app: str, link: str, gift: Gift) -> str:
    """Facebook's dialog for a desk. It leads back to the shop: the order's address is the sender's alone."""
    back = settings.BASE_URL + reverse("shop", args=[gift.order.brand.slug])
    asked = {"app_id": app, "link": link, "redirect_uri": back}
    return f"https://www.facebook.com/dialog/send?{urlencode(asked)}"


def words_of(gift: Gift) -> str:
    """From the sender to the recipient, in the language of their letters; no word of the treat."""
    with translation.override(language_shown(gift.order.brand, gift.language)):
        return _("%(recipient)s, a little something for you from %(sender)s:") % {
            "recipient": isolated(gift.recipient.short_name),
            "sender": isolated(short_name(gift.order.sender)),
        }
