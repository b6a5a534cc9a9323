"""Gifts by text and by WhatsApp, told by hand: some ring, one goes to somebody who said stop, one to a number
that takes none, one waits for its day. The brand in the United States shows why both are refused it.

As in today.py, what is to go out is left to the worker. Without a provider of texts nothing is told.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from brands.models import Brand
from demo.brands import HARBOR_BEAN, DemoBrand
from demo.replay import Stage
from demo.today import bought, given, person
from giftshop.delivery.suppression import suppress
from giftshop.orders.models import Gift, Order
from giftshop.texts import allowed, approvals, whatsapp
from giftshop.texts.models import Consent
from giftshop.texts.registration import note_refused

ON_WHATSAPP, NOT_THERE, ENDED_IT = "+4915198765432", "+4915100063024", "+4915198700000"
LOCKED_FOR = 63101
"""Twilio's error for an account of WhatsApp's that it cannot use."""
RINGS, SAID_STOP, NO_MOBILE = "+4915112345678", "+4915187654321", "+4915100021614"
SAID_YES = "+4915123456789"
REFUSED_FOR = 30831
OFFER = "Cinnamon roll: Box of four"


def play(data: DemoBrand, stage: Stage, now: datetime) -> None:
    """Expects the brand's scope. What was told before is left alone."""
    brand = stage.brand
    if data is not HARBOR_BEAN:
        Brand.objects.filter(pk=brand.pk).update(texts=Brand.Texts.CONSENT, whatsapp=True)
        since = now - timedelta(days=9)
        note_refused(brand=brand, code=REFUSED_FOR, now=since)
        note_refused(brand=brand, code=LOCKED_FOR, now=since, channel=Consent.Channel.WHATSAPP)
        return
    Brand.objects.filter(pk=brand.pk).update(texts=Brand.Texts.RECIPIENTS, whatsapp=True)
    brand.texts, brand.whatsapp = Brand.Texts.RECIPIENTS, True
    if settings.TWILIO.get("api_base"):  # the double's: with a real account an operator submits
        approvals.submit(now=now)
        approvals.watch(now=now)
    if whatsapp.is_offered(brand) and not whatsapp.standing(brand).obstacle:
        _play_whatsapp(stage, now)
    if allowed.is_offered(brand) and not Order.objects.filter(key=_key("rings")).exists():
        _say_yes(brand, SAID_YES, now)
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


def _play_whatsapp(stage: Stage, now: datetime) -> None:
    """Each to somebody who said yes there: what the worker makes of it stands on the order's page."""
    by_whatsapp, brand = {"channel": Gift.Channel.WHATSAPP}, stage.brand
    if Order.objects.filter(key=_key("whatsapp")).exists():
        return
    for number in (ON_WHATSAPP, NOT_THERE, ENDED_IT):
        _say_yes(brand, number, now, Consent.Channel.WHATSAPP)
    tomorrow = (now + timedelta(days=1)).replace(hour=8, minute=0, second=0, microsecond=0)
    gifts = [
        given(name, OFFER, words, "thank-you", phone=phone, **more, **by_whatsapp)
        for name, phone, words, more in (
            ("Bente", ON_WHATSAPP, "Für jede Schicht, die du übernommen hast.", {}),
            ("Enno", NOT_THERE, "Der Kaffee steht. Sag, wann.", {}),
            ("Tjark", ENDED_IT, "Auf den nächsten Deichlauf!", {}),
            (
                "Rieke",
                ON_WHATSAPP,
                "Für morgen früh. Nicht vorher gucken.",
                {"deliver_at": tomorrow},
            ),
        )
    ]
    at = now - timedelta(minutes=33)
    for act in stage.acts([bought(_key("whatsapp"), person("Momme", "momme.h", "de"), at, *gifts)]):
        act.do()
    suppress(address=ENDED_IT, brand=brand, now=now)


def _say_yes(brand: Brand, number: str, now: datetime, channel: str = Consent.Channel.SMS) -> None:
    """Somebody was asked on the page of a gift, and answered from that phone."""
    way = "per WhatsApp" if channel == Consent.Channel.WHATSAPP else "per SMS"
    Consent.objects.get_or_create(
        brand=brand,
        phone=number,
        channel=channel,
        defaults={
            "words": f"Harbor Bean darf mir Geschenke und Erinnerungen {way} schicken.",
            "language": "de",
            "page": "gift:demo",
            "asked_at": now - timedelta(days=3, minutes=2),
            "given_at": now - timedelta(days=3),
            "answer": "JA",
        },
    )
