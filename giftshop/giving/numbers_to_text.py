"""The mobile numbers of the give flow: which text is one, and whether the shop may text it."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from brands.models import Brand
from brands.phone_numbers import NotAPhoneNumber
from giftshop.delivery.texts.refusals import refusals
from giftshop.texts import whatsapp
from giftshop.texts.allowed import TextRefusal, To
from giftshop.texts.numbers import NotAMobile, read_mobile
from giftshop.texts.ways import WAYS, ways_of


@dataclass(frozen=True)
class TextsOfShop:
    """What is to be known of a shop that sends texts, or by WhatsApp: its country, ISO 3166, and for each of
    the two that it offers (a word of WAYS) which numbers it may not reach."""

    country: str
    refused: Mapping[str, Mapping[str, TextRefusal]]

    @property
    def ways(self) -> list[str]:
        return list(self.refused)

    def read(self, typed: str, way: str) -> str:
        """The number in E.164. Raises ValidationError for none, and for one that may not be reached so."""
        try:
            number = read_mobile(typed, self.country)
        except NotAMobile:
            raise ValidationError(
                _("This is no mobile number, so it takes no texts. Use another, or another way.")
            ) from None
        except NotAPhoneNumber:
            raise ValidationError(
                _(
                    "This does not look like a mobile number of your country. With a + it can be any."
                )
            ) from None
        if refused := self.refused[way].get(number):
            raise ValidationError(str(refused.label))
        return number


def texts_of(brand: Brand, typed: Iterable[str], *, to: To = To.RECIPIENT) -> TextsOfShop | None:
    """Of a brand and the numbers that somebody typed, in its scope: two queries if there are any, by WhatsApp
    one more, and three more. None where it sends neither, or nobody takes them."""
    ways = ways_of(brand)
    if not ways:
        return None
    numbers = set()
    for text in typed:
        with suppress(ValueError):
            numbers.add(read_mobile(text, brand.country))
    return TextsOfShop(
        brand.country,
        {way: refusals(brand=brand, numbers=numbers, to=to, channel=WAYS[way]) for way in ways},
    )


def missing_ways(brand: Brand, texts: TextsOfShop | None) -> list[str]:
    """Why it does not offer what its owner wants, in words for a sender. No query."""
    offered = texts.ways if texts else []
    found = []
    if brand.texts_refused and "text" not in offered:
        found.append(str(TextRefusal.UNREGISTERED.label))
    if whatsapp.is_offered(brand) and "whatsapp" not in offered:
        found.append(str(TextRefusal.WHATSAPP_OFF.label))
    return found
