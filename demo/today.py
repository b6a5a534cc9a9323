"""The last hours, told by hand: orders in every state a visitor may want to see.

Nothing is worked off here. The worker finds these in the outbox as it finds anybody's, so the first
letters arrive in the mail tray as soon as it runs.
"""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

from demo.brands import FROSTY_SPOON, DemoBrand
from demo.history import Bought, Given
from demo.replay import Stage
from demo.senders import Person
from demo.visits import Enjoyed
from giftshop.orders.models import Gift, Order

BEGINS = timedelta(hours=2)
LAST = "demo:today:last"


def is_played(data: DemoBrand) -> bool:
    """Expects the brand's scope."""
    return Order.objects.paid().filter(key=LAST).exists()


def play(data: DemoBrand, stage: Stage, now: datetime) -> None:
    tell = _in_seattle if data is FROSTY_SPOON else _in_hamburg
    for act in stage.acts(tell(now.astimezone(stage.brand.tz))):
        act.do()


def _in_seattle(now: datetime) -> Iterator[Bought]:
    def ago(minutes: int) -> datetime:
        return now - timedelta(minutes=minutes)

    yield bought(
        "demo:today:painters",
        person("Amara", "amara.o"),
        ago(95),
        given(
            "Ben",
            "Double scoop: Regular",
            "Three walls, one ceiling, zero complaints. The living room and I owe you, Ben.",
            "thank-you",
            opened_at=ago(80),
            picks={
                "Flavors": ["Raspberry ripple", "Salted honey"],
                "Cone or cup": ["Waffle cone"],
            },
            enjoyed=Enjoyed("pike-street", ago(28), 2, besides=425, reversed_after=None),
            thanks="Still have paint in my hair. Worth it for this cone. 🍨",
            thanked_at=ago(21),
        ),
        given(
            "Cleo",
            "Hot fudge sundae: Regular",
            "You taped every edge so that I couldn't ruin it. I noticed. Thank you, Cleo.",
            "thank-you",
            opened_at=ago(52),
            picks={"Topping": ["Fresh berries"]},
            chosen_at=ago(51),
        ),
        given(
            "Theo",
            "Garden mint shake: Large",
            "For the man who brought his own ladder. And the speaker. And the terrible playlist.",
            "thank-you",
        ),
    )
    yield bought(
        "demo:today:birthday",
        person("Lucía", "lucia.f", "es"),
        ago(40),
        given(
            "Inés",
            "Mini ice cream cake: For four",
            "¡Feliz cumpleaños, hermanita! Guárdame un pedazo, que llego el sábado. 🎂",
            "birthday",
            deliver_at=_tomorrow(now, hour=8),
        ),
    )
    yield bought(
        "demo:today:neighbours",
        person("Nadia", "nadia.r"),
        ago(88),
        given(
            "Sam",
            "Ice cream money",
            "Eleven parcels, one cat, no complaints. Best neighbor on the third floor.",
            "thank-you",
            amount=3_750,
            opened_at=ago(70),
            visits=(Enjoyed("pike-street", ago(25), 1, besides=2_000, reversed_after=None),),
        ),
    )
    yield bought(
        LAST,
        person("Callum", "callum.j"),
        ago(12),
        given(
            "Maya",
            "Waffle bowl: Two scoops",
            "Last day of the night shifts. Sleep, then this, in that order.",
            "just-because",
            channel=Gift.Channel.LINK,
        ),
        given(
            "Grace",
            "Raspberry sundae: Regular",
            "Last day of the night shifts. Sleep, then this, in that order.",
            "just-because",
        ),
    )


def _in_hamburg(now: datetime) -> Iterator[Bought]:
    def ago(minutes: int) -> datetime:
        return now - timedelta(minutes=minutes)

    yield bought(
        "demo:today:moving",
        person("Mareike", "mareike.l", "de"),
        ago(74),
        given(
            "Ole",
            "Harbor breakfast: For one",
            "Vierter Stock, kein Aufzug, und du hast gesungen. Frühstück geht auf mich, Ole.",
            "thank-you",
            opened_at=ago(66),
            picks={"Coffee": ["Flat white"], "Egg": ["Soft"]},
            chosen_at=ago(65),
            thanks="Für ein weiches Ei trag ich auch das Klavier. Danke dir!",
            thanked_at=ago(63),
        ),
        given(
            "Elif",
            "Cinnamon roll: Box of four",
            "Für die beste Kistenbeschrifterin der Stadt. „Küche, wichtig, aber nicht sehr“: gefunden!",
            "thank-you",
        ),
    )
    yield bought(
        "demo:today:exam",
        person("Jannis", "jannis.b", "de"),
        ago(33),
        given(
            "Deniz",
            "Pour-over: Pot for two",
            "Morgen früh: einatmen, Kaffee, Prüfung. Ich denk an dich.",
            "just-because",
            deliver_at=_tomorrow(now, hour=7),
        ),
    )
    yield bought(
        "demo:today:farewell",
        person("Wiebke", "wiebke.h", "de"),
        ago(50),
        given(
            "Piet",
            "Coffee for a while",
            "Neues Büro, neue Maschine. Bis du die magst, trink hier weiter. Wir vermissen dich.",
            "just-because",
            amount=4_000,
            opened_at=ago(41),
        ),
    )
    yield bought(
        LAST,
        person("Samira", "samira.k"),
        ago(9),
        given(
            "Zoe",
            "Hot chocolate: Large",
            "They said spring. They lied. Hold this with both hands.",
            "get-well",
        ),
    )


def bought(key: str, sender: Person, at: datetime, *gifts: Given) -> Bought:
    return Bought(key, sender, "", at, at + timedelta(seconds=70), gifts)


def person(name: str, box: str, tongue: str = "en") -> Person:
    return Person(name, f"{box}@mail.example", tongue)


def given(recipient: str, offer: str, words: str, design: str, **life: Any) -> Given:
    """`offer` is "Treat: Size"; of any amount there is no size."""
    treat, _colon, size = offer.partition(": ")
    quiet: dict[str, Any] = {
        "channel": Gift.Channel.EMAIL,
        "deliver_at": None,
        "opened_at": None,
        "picks": {},
        "chosen_at": None,
        "enjoyed": None,
        "thanks": "",
        "thanked_at": None,
    }
    box = recipient.lower().replace("é", "e")
    return Given(
        recipient=person(recipient, box),
        treat=treat,
        size=size,
        words=words,
        design=design,
        **{**quiet, **life},
    )


def _tomorrow(now: datetime, *, hour: int) -> datetime:
    return datetime.combine(now.date() + timedelta(days=1), time(hour), tzinfo=now.tzinfo)
