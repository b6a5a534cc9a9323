"""The mobile numbers of the give flow: which text is one, and whether the shop may text it."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from brands.models import Brand
from brands.phone_numbers import NotAPhoneNumber
from giftshop.delivery.texts.refusals import refusals
from giftshop.texts import allowed
from giftshop.texts.allowed import TextRefusal, To
from giftshop.texts.numbers import NotAMobile, read_mobile


@dataclass(frozen=True)
class TextsOfShop:
    """What is to be known of a shop that sends texts: its country, ISO 3166, and which numbers it may not
    text."""

    country: str
    refused: Mapping[str, TextRefusal]

    def read(self, typed: str) -> str:
        """The number in E.164. Raises ValidationError for none, and for one that may not be texted."""
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
        if refused := self.refused.get(number):
            raise ValidationError(str(refused.label))
        return number


def texts_of(brand: Brand, typed: Iterable[str], *, to: To = To.RECIPIENT) -> TextsOfShop | None:
    """Of a brand and the numbers that somebody typed, in its scope: two queries if there are any. None where
    it sends no texts, or phone companies don't take them."""
    if not allowed.is_offered(brand) or brand.texts_refused:
        return None
    numbers = set()
    for text in typed:
        with suppress(ValueError):
            numbers.add(read_mobile(text, brand.country))
    return TextsOfShop(brand.country, refusals(brand=brand, numbers=numbers, to=to))
