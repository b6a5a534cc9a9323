"""What stands on a gift's card."""

from django.conf import settings
from django.urls import reverse
from django.utils import formats, translation
from django.utils.translation import gettext as _

from brands.models import Store
from core.bidi import without_direction_marks
from core.templatetags.money import money
from giftshop.catalog.brands import language_shown
from giftshop.catalog.colours import palette
from giftshop.orders.models import Gift
from giftshop.pictures import drawings, files, fonts
from giftshop.printed_cards.card import Card
from giftshop.printed_cards.words import left_out, printable
from redemption import code_format
from redemption.models import Code

STORES_SHOWN = 3


def card(gift: Gift, code: Code, plain: str) -> Card:
    """In the language in which the recipient is written to. Expects the brand's scope; one query. Raises
    outside_calls.NoAnswer when the storage of pictures keeps it waiting."""
    brand, colours = gift.order.brand, palette(gift.order.brand)
    with translation.override(language_shown(brand, gift.language)):
        name = printable(gift.recipient.short_name, fonts.DISPLAY)
        treat = printable(str(gift.said["label"]), fonts.DISPLAY)
        if gift.is_amount:
            worth = printable(
                without_direction_marks(money(gift.amount, code.currency)), fonts.DISPLAY
            )
            treat = ", ".join(filter(None, [treat, worth]))
        day = formats.date_format(code.last_day, "DATE_FORMAT")
        return Card(
            title=_("For %(name)s") % {"name": name} if name else "",
            words=printable(gift.message, fonts.LETTER)
            or (_("A little something for you.") if not gift.message else ""),
            sender=printable(gift.order.sender, fonts.LETTER),
            brand=printable(brand.name, fonts.TEXT),
            treat=treat,
            show=_("Show this at the counter"),
            until=_("Good until %(day)s") % {"day": day},
            places=_places(gift, code),
            code=plain,
            groups=code_format.grouped(plain),
            accent=colours.accent_ink,
            ink=colours.ink,
            soft=colours.soft,
            design=drawings.content(drawings.copy_of(f"art/cards/{gift.design}.svg")),
            art=_art(gift),
        )


def stays_off(gift: Gift) -> bool:
    """Whether any of the sender's words or names can't be printed as they are."""
    return (
        left_out(gift.message, fonts.LETTER)
        or left_out(gift.order.sender, fonts.LETTER)
        or left_out(gift.recipient.short_name, fonts.DISPLAY)
    )


def _art(gift: Gift) -> bytes | None:
    return files.mail_picture(gift.treat.picture) or drawings.content(
        drawings.copy_of(gift.treat.art)
    )


def _places(gift: Gift, code: Code) -> str:
    """A few stores by name and town; where all are told, at the shop's address."""
    stores, count = gift.treat.stores_among(Store.objects.good_for(code.store_ids)).first_of(
        STORES_SHOWN
    )
    named = [", ".join(filter(None, [each.name, each.street, each.city])) for each in stores]
    lines = [line for line in (printable(each, fonts.TEXT) for each in named) if line]
    if count > len(lines):
        brand = gift.order.brand
        lines.append(settings.BASE_URL + reverse("shop_stores", args=[brand.slug]))
    return "\n".join(lines)
