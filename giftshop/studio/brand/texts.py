"""What an owner reads beside the switch of texts: the rule of their country, the price, what was sent, and
whether phone companies take them."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Sum
from django.utils.translation import get_language

from brands.models import Brand
from core.bidi import without_direction_marks
from core.templatetags.money import rate
from giftshop.delivery.texts.words import sample
from giftshop.texts import prices, segments, whatsapp
from giftshop.texts.countries import TextRule, rule_of
from giftshop.texts.models import Consent, MessageTemplate, SentText
from giftshop.texts.templates import EXAMPLES, Filled, Kind
from giftshop.texts.trouble import Trouble, of_code
from giftshop.texts.whatsapp import Standing


@dataclass(frozen=True)
class TextTerms:
    """`price`: of a usual gift, in words of the reader's language; empty where the provider could not be
    asked."""

    has_provider: bool
    rule: TextRule
    sample: str
    parts: int
    price: str
    sent: int
    sent_parts: int
    sent_twice: int
    refused: Trouble | None
    refused_at: datetime | None
    code: str


def read(brand: Brand, *, now: datetime) -> TextTerms:
    """Expects the brand's scope. One query, and one call of the provider's list of prices."""
    words = sample(brand)
    parts = segments.count(without_direction_marks(words)).count
    month = _month(brand, now)
    sent = SentText.objects.filter(brand=brand, sent_at__gte=month, channel=Consent.Channel.SMS)
    told = sent.aggregate(
        texts=Count("pk"), of=Count("delivery_id", distinct=True), parts=Sum("segments")
    )
    return TextTerms(
        has_provider=bool(settings.TWILIO),
        rule=rule_of(brand.country),
        sample=words,
        parts=parts,
        price=_price(brand.country, parts),
        sent=told["texts"],
        sent_parts=told["parts"] or 0,
        sent_twice=told["texts"] - told["of"],
        refused=of_code(brand.texts_refused) if brand.texts_refused else None,
        refused_at=brand.texts_refused_at,
        code=brand.texts_refused,
    )


@dataclass(frozen=True)
class WhatsAppTerms:
    """`fee`: Twilio's own for each message; what Meta adds depends on country and category. `categories`: how
    many of our messages count as which."""

    has_provider: bool
    standing: Standing
    sample: str
    fee: str
    utility: int
    marketing: int
    sent: int
    code: str


def read_whatsapp(brand: Brand, *, now: datetime) -> WhatsAppTerms:
    """Expects the brand's scope. Three queries."""
    words = Filled(Kind.GIFT, get_language() or "en", {**EXAMPLES, "brand": brand.name}).words
    rows = MessageTemplate.objects.values_list("category", flat=True)
    categories = Counter(rows)
    sent = SentText.objects.filter(brand=brand, channel=Consent.Channel.WHATSAPP)
    return WhatsAppTerms(
        has_provider=bool(settings.TWILIO),
        standing=whatsapp.standing(brand),
        sample=words,
        fee=rate(prices.WHATSAPP_FEE.amount, prices.WHATSAPP_FEE.currency),
        utility=categories["utility"],
        marketing=categories["marketing"],
        sent=sent.filter(sent_at__gte=_month(brand, now)).count(),
        code=brand.whatsapp_refused,
    )


def _month(brand: Brand, now: datetime) -> datetime:
    return now.astimezone(brand.tz).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _price(country: str, parts: int) -> str:
    found = prices.of_country(country) if settings.TWILIO else None
    return rate(found.amount * parts, found.currency) if found else ""
