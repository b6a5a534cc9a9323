"""Whether a brand may text a number, and why not: the one place that says so.

Three kinds of people are texted: whoever said yes to this brand; the sender, who typed a number of their own;
and a recipient on the sender's word, where the brand switched that on and its country lets it. Whether
somebody has said stop is in the register of suppressions, which is asked when a text is sent (delivery.send)
and, beside this, by delivery.texts.refusals.
"""

from collections.abc import Collection
from enum import StrEnum

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from brands.models import Brand
from giftshop.texts.countries import rule_of
from giftshop.texts.models import Consent
from giftshop.texts.numbers import country_of


class To(StrEnum):
    """Whose number it is."""

    RECIPIENT = "recipient"
    SENDER = "sender"
    AGREED = "agreed"
    """Somebody's who said yes to reminders: nobody else's word counts for these."""
    ASKED = "asked"
    """Whoever typed it on the page that asks for their yes: the one text that asks for it."""


class TextRefusal(models.TextChoices):
    NOT_OFFERED = "not_offered", _("This shop sends no texts.")
    UNREGISTERED = (
        "unregistered",
        _(
            "Phone companies don't take texts from this shop yet. Send the link yourself, or an e-mail."
        ),
    )
    ELSEWHERE = (
        "elsewhere",
        _("This shop texts only numbers of its own country. Send the link yourself, or an e-mail."),
    )
    NO_YES = (
        "no_yes",
        _(
            "This number has not said yes to texts from this shop. Send the link yourself, or an e-mail."
        ),
    )
    STOPPED = (
        "stopped",
        _("Whoever has this number asked for no more texts. Send the link yourself, or an e-mail."),
    )


def is_offered(brand: Brand) -> bool:
    """Whether it sends texts at all. No query."""
    return bool(settings.TWILIO) and brand.texts != Brand.Texts.OFF


def refusal(*, brand: Brand, number: str, to: To = To.RECIPIENT) -> TextRefusal | None:
    """Why this brand may not text this number (E.164), or None. Expects its scope; one query at most, for the
    number's own yes."""
    return refusals(brand=brand, numbers=[number], to=to).get(number)


def refusals(
    *, brand: Brand, numbers: Collection[str], to: To = To.RECIPIENT
) -> dict[str, TextRefusal]:
    """The same for several: those that may not be texted. One query for all."""
    if not numbers:
        return {}
    if not is_offered(brand):
        return dict.fromkeys(numbers, TextRefusal.NOT_OFFERED)
    if brand.texts_refused:
        return dict.fromkeys(numbers, TextRefusal.UNREGISTERED)
    if to in {To.SENDER, To.ASKED}:
        return {}
    agreed = Consent.objects.standing(numbers, Consent.Channel.SMS)
    if to == To.AGREED or not takes_senders_word(brand):
        return {each: TextRefusal.NO_YES for each in numbers if each not in agreed}
    elsewhere = (each for each in numbers if country_of(each) != brand.country)
    return {each: TextRefusal.ELSEWHERE for each in elsewhere if each not in agreed}


def takes_senders_word(brand: Brand) -> bool:
    """Whether recipients are texted on the sender's word. No query."""
    return brand.texts == Brand.Texts.RECIPIENTS and rule_of(brand.country).takes_senders_word
