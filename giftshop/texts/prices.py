"""What a text costs, by the provider's own list, asked each time:
https://pricing.twilio.com/v1/Messaging/Countries"""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from giftshop.texts import client

DECIMALS_MAX = 10
MOST = 1_000


@dataclass(frozen=True)
class Price:
    """Of one segment. `currency`: ISO 4217."""

    amount: Decimal
    currency: str


WHATSAPP_FEE = Price(Decimal("0.005"), "USD")
"""Twilio's own for a message by WhatsApp, either way; Meta's for a template comes on top, by country and
category. https://www.twilio.com/whatsapp/pricing, as stored and read on 30 November 2026; no API tells it."""


def of_country(country: str) -> Price | None:
    """The dearest of its phone companies for one segment, as Twilio says today; None where it can't be
    asked."""
    try:
        told = client.ask(lambda twilio: twilio.pricing.v1.messaging.countries(country).fetch())
    except (client.Unavailable, client.Answered):
        return None
    found = [
        Decimal(str(price["current_price"]))
        for carrier in told.outbound_sms_prices or []
        for price in carrier.get("prices", [])
        if _is_amount(price.get("current_price"))
    ]
    return Price(max(found), str(told.price_unit or "USD").upper()) if found else None


def _is_amount(text: object) -> bool:
    """Whether a text may cost so much: an exponent would make a number as long as it says."""
    try:
        number = Decimal(str(text))
    except InvalidOperation:
        return False
    exponent = number.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -DECIMALS_MAX and 0 <= number < MOST
