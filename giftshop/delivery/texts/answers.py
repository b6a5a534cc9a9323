"""What follows when somebody answers a text: stop at once, start again, yes, or help. Answers the words to
say back.

The number that we text from is one for all brands, and a stop that reaches it is obeyed for each of them that
has ever texted there, as phone companies do themselves. Where we know of none it counts for any brand.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from brands.models import Brand
from core.bidi import in_one_line
from giftshop.delivery.emails import language_of
from giftshop.delivery.models import Delivery, Suppression
from giftshop.delivery.suppression import suppress
from giftshop.orders.models import Gift
from giftshop.texts import answers
from giftshop.texts.answers import Answer
from giftshop.texts.models import ANSWER_MAX, Consent

ASKED_FOR = timedelta(days=2)
"""So long a yes is taken for the answer to what we asked."""


def hear(*, number: str, text: str, now: datetime, channel: str = Consent.Channel.SMS) -> str:
    """`number`: E.164, as the provider proved it. A stop ends texts and WhatsApp alike; a yes answers
    what was asked where it is said. Repeatable."""
    meant = answers.read(text)
    with scopes_disabled(), transaction.atomic():
        brands = _brands_that_text(number)
        of_number = Consent.objects.filter(phone=number, channel=channel)
        asked = of_number.order_by("-asked_at").first()
        language = meant.language or (asked.language if asked else "")
        with translation.override(language or (language_of(brands[0]) if brands else "en")):
            if meant.answer == Answer.STOP:
                return _stop(number, text, brands, now)
            if meant.answer == Answer.YES and asked and _is_open(asked, now):
                return _agree(asked, text, now)
            if meant.answer in {Answer.START, Answer.YES}:
                return _start(number, brands, is_start=meant.answer == Answer.START)
            if meant.answer == Answer.HELP:
                return _help(brands)
    return ""


def _stop(number: str, text: str, brands: list[Brand], now: datetime) -> str:
    those: list[Brand | None] = [*brands] or [None]
    for brand in those:
        suppress(address=number, brand=brand, now=now)
    standing = Consent.objects.filter(phone=number, withdrawn_at=None)
    standing.update(withdrawn_at=now, answer=text[:ANSWER_MAX])
    return _(
        "You will get no more texts from %(brand)s. Gifts you have stay yours. START to go on."
    ) % {"brand": _names(brands)}


def _start(number: str, brands: list[Brand], *, is_start: bool) -> str:
    # That one gift is not for them stays said.
    stopped = Suppression.objects.of(number).filter(subject="")
    withdrawn = Consent.objects.filter(phone=number, withdrawn_at__isnull=False)
    withdrawn = withdrawn.filter(given_at__isnull=False)
    if not (is_start or stopped.exists() or withdrawn.exists()):
        return ""
    stopped.delete()
    withdrawn.update(withdrawn_at=None)
    return _("You get texts from %(brand)s again. STOP to end, HELP for help.") % {
        "brand": _names(brands)
    }


def _agree(asked: Consent, text: str, now: datetime) -> str:
    Consent.objects.filter(pk=asked.pk).update(
        given_at=now, withdrawn_at=None, answer=text[:ANSWER_MAX]
    )
    Suppression.objects.of(asked.phone).filter(brand=asked.brand, subject="").delete()
    words = _("Thank you. %(brand)s texts you gifts and reminders now. STOP to end, HELP for help.")
    if asked.channel == Consent.Channel.WHATSAPP:
        words = _(
            "Thank you. %(brand)s sends you gifts and reminders here now. STOP to end, HELP for help."
        )
    return words % {"brand": in_one_line(asked.brand.name)}


def _help(brands: list[Brand]) -> str:
    contact = next((each for each in brands if each.support_email or each.support_phone), None)
    return _("Gifts and reminders from %(brand)s. Questions: %(contact)s. STOP to end.") % {
        "brand": _names(brands),
        "contact": (contact.support_email or contact.support_phone) if contact else "-",
    }


def _is_open(asked: Consent, now: datetime) -> bool:
    """Whether it waits for its answer."""
    return (
        asked.given_at is None and asked.withdrawn_at is None and asked.asked_at > now - ASKED_FOR
    )


def _brands_that_text(number: str) -> list[Brand]:
    """Those that texted it or asked for its yes, the latest first."""
    texted = Delivery.objects.filter(
        address=number, channel__in=Gift.BY_NUMBER, brand__isnull=False
    )
    asked = Consent.objects.filter(phone=number).order_by("-asked_at")
    ids = [
        *texted.order_by("-created_at").values_list("brand_id", flat=True)[:50],
        *asked.values_list("brand_id", flat=True),
    ]
    found = Brand.objects.in_bulk(set(ids))
    return [found[each] for each in dict.fromkeys(ids)]


def _names(brands: list[Brand]) -> str:
    return ", ".join(brand.name for brand in brands[:3]) or "Giftshop"
