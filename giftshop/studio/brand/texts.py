"""What an owner reads beside the switch of texts: the rule of their country, the price, what was sent, and
whether phone companies take them."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Sum

from brands.models import Brand
from core.bidi import without_direction_marks
from core.templatetags.money import rate
from giftshop.delivery.texts.words import sample
from giftshop.texts import prices, segments
from giftshop.texts.countries import TextRule, rule_of
from giftshop.texts.models import SentText
from giftshop.texts.trouble import Trouble, of_code


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
    month = now.astimezone(brand.tz).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    told = SentText.objects.filter(brand=brand, sent_at__gte=month).aggregate(
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


def _price(country: str, parts: int) -> str:
    found = prices.of_country(country) if settings.TWILIO else None
    return rate(found.amount * parts, found.currency) if found else ""
