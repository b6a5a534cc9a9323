"""Gifts by text, told by hand: one that rings, one to somebody who said stop, one to a number that takes no
texts. The brand in the United States shows why its phone companies refuse.

As in today.py, what is to go out is left to the worker. Without a provider of texts nothing is told.
"""

from datetime import datetime, timedelta
from typing import Any

from brands.models import Brand
from demo.brands import HARBOR_BEAN, DemoBrand
from demo.replay import Stage
from demo.today import bought, given, person
from giftshop.delivery.suppression import suppress
from giftshop.orders.models import Gift, Order
from giftshop.texts import allowed
from giftshop.texts.models import Consent
from giftshop.texts.registration import note_refused

RINGS, SAID_STOP, NO_MOBILE = "+4915112345678", "+4915187654321", "+4915100021614"
SAID_YES = "+4915123456789"
REFUSED_FOR = 30831
OFFER = "Cinnamon roll: Box of four"


def play(data: DemoBrand, stage: Stage, now: datetime) -> None:
    """Expects the brand's scope. What was told before is left alone."""
    brand = stage.brand
    if data is not HARBOR_BEAN:
        Brand.objects.filter(pk=brand.pk).update(texts=Brand.Texts.CONSENT)
        note_refused(brand=brand, code=REFUSED_FOR, now=now - timedelta(days=9))
        return
    Brand.objects.filter(pk=brand.pk).update(texts=Brand.Texts.RECIPIENTS)
    brand.texts = Brand.Texts.RECIPIENTS
    if allowed.is_offered(brand) and not Order.objects.filter(key=_key("rings")).exists():
        _say_yes(brand, now)
        for number, (key, phone, name, words) in enumerate(STORIES):
            _buy(stage, key, now - timedelta(minutes=48 - 9 * number), name, words, phone=phone)
        suppress(address=SAID_STOP, brand=brand, now=now)


STORIES = (
    ("stopped", SAID_STOP, "Levke", "Für die Probe heute Abend. Du spielst das schon."),
    ("no-mobile", NO_MOBILE, "Opa Hinnerk", "Kein Festnetz diesmal, hoffe ich. Guten Appetit!"),
    ("rings", RINGS, "Jonte", "Du hast den Kuchen gerettet. Hier ist neuer."),
)


def _key(key: str) -> str:
    return f"demo:today:texted:{key}"


def _buy(stage: Stage, key: str, at: datetime, name: str, words: str, **how: Any) -> None:
    gift = given(name, OFFER, words, "thank-you", channel=Gift.Channel.SMS, **how)
    for act in stage.acts([bought(_key(key), person("Femke", "femke.o", "de"), at, gift)]):
        act.do()


def _say_yes(brand: Brand, now: datetime) -> None:
    """Somebody was asked on the page of a gift, and answered from that phone."""
    Consent.objects.get_or_create(
        brand=brand,
        phone=SAID_YES,
        channel=Consent.Channel.SMS,
        defaults={
            "words": "Harbor Bean darf mir Geschenke und Erinnerungen per SMS schicken.",
            "language": "de",
            "page": "gift:demo",
            "asked_at": now - timedelta(days=3, minutes=2),
            "given_at": now - timedelta(days=3),
            "answer": "JA",
        },
    )
