"""The e-mails: the gift to the recipient, the receipt and the thanks to the sender, an alarm to an owner."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brands.models import Brand
from core.bidi import isolated
from giftshop.accounts import alarms
from giftshop.accounts.models import Invitation
from giftshop.catalog import themes
from giftshop.delivery import arrival
from giftshop.delivery.email_parts import Letter, letter, picture
from giftshop.delivery.models import Delivery
from giftshop.delivery.shared import gifts as gift_sheets
from giftshop.delivery.shared import secret_pages
from giftshop.offers import purchase
from giftshop.orders import vat
from giftshop.orders.models import Gift, Order
from giftshop.pictures.files import mail_picture
from redemption.models import Alarm

STORES_SHOWN = 3


def gift_letter(delivery: Delivery, gift: Gift) -> EmailMessage:
    """The card that the sender chose and their words first, a present to open; then the treat, the QR, the
    code (unless the brand keeps those for the page behind the button), where and until when."""
    plain = gift.code.reveal() if gift.code else None
    if plain is None:
        raise ValueError("a gift without a code has nothing to show")
    return gift_words(delivery, gift, plain=plain, token=gift.link_token())


def gift_words(delivery: Delivery, gift: Gift, *, plain: str, token: str) -> Letter:
    """The same for a code and a link that are told; the gift need not be a row."""
    sheets, key = gift_sheets.read().sheets, gift_sheets.key_of(gift)
    if (sheet := sheets.get(key)) is None:
        with _words_of(gift.order, gift.language):
            sheet = sheets[key] = gift_sheets.Sheet(
                gift,
                name="gift",
                subject=_("%(friend)s, %(sender)s sent you a treat"),
                pictures=_art(gift),
            )
    return sheet.letter(delivery, gift, plain=plain, token=token)


def receipt_letter(delivery: Delivery, order: Order) -> EmailMessage:
    """What was paid, for whom, with which words; who sold it, and what of tax; the private link to the order.

    VAT as the brand said when it was sold (orders/vat.py).
    """
    gifts = list(order.gifts.with_everything())
    with _words_of(order):
        return letter(
            delivery=delivery,
            name="receipt",
            subject=ngettext(
                "Your gift from %(brand)s is paid",
                "Your %(count)d gifts from %(brand)s are paid",
                len(gifts),
            ),
            named={"brand": order.brand.name, "count": len(gifts)},
            context={
                "order": order,
                "gifts": [(gift, _due(gift)) for gift in gifts],
                "vat": vat.of_gifts(gifts),
                "seller": order.brand.legal_name or order.brand.name,
                "paid_on": timezone.localdate(order.paid_at, order.brand.tz),
                "extra": purchase.given_to(order.pk) if order.offer_id else None,
                "url": order_url(order),
            },
            pictures=mark(order.brand),
        )


def thanks_letter(delivery: Delivery, gift: Gift) -> EmailMessage:
    """The recipient's thanks, word for word."""
    order = gift.order
    with _words_of(order):
        return letter(
            delivery=delivery,
            name="thanks",
            subject=_("%(friend)s says thank you"),
            named={"friend": gift.recipient.short_name},
            context={
                "gift": gift,
                "recipient": gift.recipient.short_name,
                "sender": order.sender,
                "url": order_url(order),
            },
            pictures=mark(order.brand),
            sender_name=gift.recipient.short_name,
        )


def orders_found_letter(delivery: Delivery, orders: Sequence[Order]) -> EmailMessage:
    """Each with its number, its day, its names and its link, in the language of the first. Expects their
    brand, gifts and recipients to be loaded."""
    newest = orders[0]
    with _words_of(newest):
        return letter(
            delivery=delivery,
            name="orders_found",
            subject=_("Your orders at %(brand)s"),
            named={"brand": newest.brand.name},
            context={"orders": [(order, order_url(order)) for order in orders]},
            pictures=mark(newest.brand),
        )


def undeliverable_letter(delivery: Delivery, gift: Gift) -> EmailMessage:
    """That a gift did not get there, why as far as we were told, and what its sender can do."""
    order, told = gift.order, arrival.of_gifts([gift]).get(gift.pk)
    with _words_of(order):
        return letter(
            delivery=delivery,
            name="undeliverable",
            subject=_("Your gift for %(friend)s did not arrive"),
            named={"friend": gift.recipient.short_name},
            context={
                "gift": gift,
                "recipient": gift.recipient.short_name,
                "sender": order.sender,
                "address": gift.recipient.shown_email or gift.recipient.phone,
                "reason": told.reason_words if told else "",
                "url": order_url(order),
            },
            pictures=mark(order.brand),
        )


def alarm_letter(delivery: Delivery, alarm: Alarm) -> EmailMessage:
    """What is going on, since when and where, what was done about it, and what an owner can do."""
    brand = delivery.sender
    with translation.override(language_of(brand)), timezone.override(brand.tz):
        words = alarms.words_of(alarm)
        return letter(
            delivery=delivery,
            name="alarm",
            subject=words.subject,
            named={"brand": brand.name},
            context={
                "words": words,
                "places": alarms.tried_at(alarm),
                "url": settings.BASE_URL + reverse("devices", args=[brand.slug]),
            },
            pictures=mark(brand),
        )


def invitation_letter(delivery: Delivery, invited: Invitation) -> EmailMessage:
    """Who invites to what, and the way in. In the brand's language."""
    brand = delivery.sender
    with translation.override(brand.language), timezone.override(brand.tz):
        return letter(
            delivery=delivery,
            name="invitation",
            subject=_("Your invitation to %(brand)s"),
            named={"brand": brand.name},
            context={
                "inviter": str(invited.invited_by or "Giftshop"),
                "role": _role_of(invited),
                "url": settings.BASE_URL + reverse("invitation", args=[invited.token()]),
            },
            pictures=mark(brand),
        )


def _role_of(invited: Invitation) -> str:
    """With its stores, the first of them by name."""
    role, names = invited.get_role_display(), [isolated(name) for name in invited.store_names()]
    some = ", ".join([*names[:STORES_SHOWN], "…"] if len(names) > STORES_SHOWN else names)
    return f"{role} ({some})" if some else role


def _due(gift: Gift) -> datetime | None:
    """When it is due by the recipient's clock. Naive, so that no template moves it to another."""
    if gift.deliver_at is None:
        return None
    try:
        clock = ZoneInfo(gift.recipient.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        clock = gift.order.brand.tz
    return gift.deliver_at.astimezone(clock).replace(tzinfo=None)


def gift_url(gift: Gift) -> str:
    return secret_pages.url("gift", gift.link_token())


def order_url(order: Order) -> str:
    """The sender's private page."""
    return secret_pages.url("order", order.link_token())


def language_of(brand: Brand) -> str:
    """What its people are written to in: the language that it writes itself, or English where we have no
    words in that. Of each person no language is kept."""
    try:
        return translation.get_supported_language_variant(brand.language)
    except LookupError:
        return settings.LANGUAGE_CODE


@contextmanager
def _words_of(order: Order, language: str = "") -> Iterator[None]:
    """In the language, or the one the order was placed in, and in the brand's time."""
    with translation.override(language or order.language), timezone.override(order.brand.tz):
        yield


def _art(gift: Gift) -> dict[str, bytes]:
    found = {
        "card": picture(f"art/cards/{gift.design}.svg"),
        "treat": mail_picture(gift.treat.picture) or picture(gift.treat.art),
    }
    return {**mark(gift.order.brand), **{name: each for name, each in found.items() if each}}


def mark(brand: Brand) -> dict[str, Any]:
    """The brand's own logo, or its mark where that is drawn for e-mails."""
    folder = themes.art_folder(brand)
    found = mail_picture(brand.pictures.get("logo", {}))
    found = found or (picture(f"{folder}/mark.svg") if folder else None)
    return {"mark": found} if found else {}
