"""Whether a brand may text a number, or write to it by WhatsApp, and why not: the one place that says so.

Three kinds of people are texted: whoever said yes to this brand; the sender, who typed a number of their own;
and, by text alone, a recipient on the sender's word, where the brand switched that on and its country lets
it. Whether somebody has said stop is in the register of suppressions, which is asked when a text is sent
(delivery.send) and, beside this, by delivery.texts.refusals.
"""

from collections.abc import Collection
from enum import StrEnum

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from brands.models import Brand
from giftshop.texts import whatsapp
from giftshop.texts.countries import rule_of
from giftshop.texts.models import Consent
from giftshop.texts.numbers import country_of

SMS, WHATSAPP = Consent.Channel.SMS, Consent.Channel.WHATSAPP


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
    NO_WHATSAPP = "no_whatsapp", _("This shop sends nothing by WhatsApp.")
    WHATSAPP_OFF = (
        "whatsapp_off",
        _(
            "WhatsApp doesn't take messages from this shop at the moment. Send the link yourself, or an"
            " e-mail."
        ),
    )
    WHATSAPP_US = (
        "whatsapp_us",
        _(
            "WhatsApp brings no such messages to numbers of the United States. Send the link yourself, or an"
            " e-mail."
        ),
    )
    NO_WHATSAPP_YES = (
        "no_whatsapp_yes",
        _(
            "This number has not said yes to this shop on WhatsApp. Send the link yourself, or an e-mail."
        ),
    )


def is_offered(brand: Brand) -> bool:
    """Whether it sends texts at all. No query."""
    return bool(settings.TWILIO) and brand.texts != Brand.Texts.OFF


def refusal(
    *, brand: Brand, number: str, to: To = To.RECIPIENT, channel: str = SMS
) -> TextRefusal | None:
    """Why this brand may not text this number (E.164), or None. Expects its scope; one query at most, for the
    number's own yes, by WhatsApp one more."""
    return refusals(brand=brand, numbers=[number], to=to, channel=channel).get(number)


def refusals(
    *, brand: Brand, numbers: Collection[str], to: To = To.RECIPIENT, channel: str = SMS
) -> dict[str, TextRefusal]:
    """The same for several: those that may not be texted. One query for all, by WhatsApp two."""
    if not numbers:
        return {}
    if channel == WHATSAPP:
        return _whatsapp_refusals(brand, numbers, to)
    if not is_offered(brand):
        return dict.fromkeys(numbers, TextRefusal.NOT_OFFERED)
    if brand.texts_refused:
        return dict.fromkeys(numbers, TextRefusal.UNREGISTERED)
    if to in {To.SENDER, To.ASKED}:
        return {}
    agreed = Consent.objects.standing(numbers, SMS)
    if to == To.AGREED or not takes_senders_word(brand):
        return {each: TextRefusal.NO_YES for each in numbers if each not in agreed}
    elsewhere = (each for each in numbers if country_of(each) != brand.country)
    return {each: TextRefusal.ELSEWHERE for each in elsewhere if each not in agreed}


def _whatsapp_refusals(brand: Brand, numbers: Collection[str], to: To) -> dict[str, TextRefusal]:
    """Nobody's word but the reader's own counts there: https://business.whatsapp.com/policy"""
    if not whatsapp.is_offered(brand):
        return dict.fromkeys(numbers, TextRefusal.NO_WHATSAPP)
    standing = whatsapp.standing(brand)
    if standing.obstacle:
        return dict.fromkeys(numbers, TextRefusal.WHATSAPP_OFF)
    abroad = {each for each in numbers if standing.refuses(country_of(each))}
    refused = dict.fromkeys(abroad, TextRefusal.WHATSAPP_US)
    if to in {To.SENDER, To.ASKED}:
        return refused
    agreed = Consent.objects.standing(numbers, WHATSAPP)
    return {each: TextRefusal.NO_WHATSAPP_YES for each in numbers if each not in agreed} | refused


def takes_senders_word(brand: Brand) -> bool:
    """Whether recipients are texted on the sender's word. No query."""
    return brand.texts == Brand.Texts.RECIPIENTS and rule_of(brand.country).takes_senders_word
