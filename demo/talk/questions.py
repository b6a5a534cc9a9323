"""What visitors asked the two shops, and what became of it: answered and shown, answered in private, closed,
spam, and still waiting."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from brands.models import Brand
from demo.brands import FROSTY_SPOON, DemoBrand
from demo.replay import Act
from giftshop.accounts.access import actor_of
from giftshop.accounts.models import User
from giftshop.catalog.models import Treat
from giftshop.questions import answer
from giftshop.questions.answer import QuestionRefused
from giftshop.questions.ask import Asked, ask
from giftshop.questions.models import Question


@dataclass(frozen=True)
class Told:
    """`when`: the part of the past that was over, 0 to 1. `end`: what an owner did about it."""

    when: float
    name: str
    words: str
    tongue: str = "en"
    treat: str = ""
    may_be_shown: bool = True
    end: str = "shown"
    answer: str = ""


IN_SEATTLE = (
    Told(
        0.12,
        "Naomi",
        "Is the coconut lime really without dairy? My nephew reacts even to traces.",
        treat="Double scoop",
        answer=(
            "There is no dairy in it, and it has a scoop and a tub of its own. We do make it in the same"
            " kitchen as the others, so for a strong allergy please talk to us at the counter first."
        ),
    ),
    Told(
        0.2,
        "Wes",
        "Is the gift good in any of your stores, or only in one?",
        answer="To any of them. It makes no difference which one you had in mind when you sent it.",
    ),
    Told(
        0.31,
        "Rank First Now",
        "We bring your page to the top of every search engine, guaranteed. Reply for an offer.",
        may_be_shown=False,
        end="spam",
    ),
    Told(
        0.44,
        "Abuela Carmen",
        "¿Puedo elegir yo el sabor, o lo elige mi nieta?",
        tongue="es",
        treat="Double scoop",
        answer=(
            "Lo elige ella, en su página o delante de la vitrina. Así también puede probar antes de"
            " decidir."
        ),
    ),
    Told(
        0.58,
        "Hollis",
        "I typed a wrong address for my gift to Ben. What now?",
        may_be_shown=False,
        end="answered",
        answer=(
            "Nothing is lost. Open the link in your receipt: there is a button to copy the gift's link, and"
            " you can send it to Ben yourself."
        ),
    ),
    Told(0.7, "Wes", "Found it myself, thank you!", may_be_shown=False, end="closed"),
    Told(
        0.97,
        "Imani",
        "Do you have a table for eight on a Saturday? We would come with eight gifts.",
        end="waiting",
    ),
    Told(
        0.985,
        "Felix",
        "Gibt es den Minz-Shake auch ohne Sahne?",
        tongue="de",
        treat="Garden mint shake",
        end="waiting",
    ),
    Told(
        0.99,
        "Odette",
        "How long does the mini cake keep on the way home?",
        treat="Mini ice cream cake",
        end="waiting",
    ),
)
IN_HAMBURG = (
    Told(
        0.15,
        "Birte",
        "Bekommt meine Schwester den Pour-over auch mit der Bohne, die gerade im Fenster steht?",
        tongue="de",
        treat="Pour-over",
        answer=(
            "Ja, mit jeder, die an dem Tag gemahlen wird. Sie muss nur fragen, dann riechen wir"
            " zusammen."
        ),
    ),
    Told(
        0.27,
        "Paulo",
        "Is there oat milk, and does it cost more?",
        treat="Flat white",
        answer="There is. It costs a little more, paid at the counter; your gift covers the rest.",
    ),
    Told(
        0.4,
        "Kredit Sofort",
        "Kredit ohne Prüfung, heute noch auf Ihrem Konto! Klicken Sie jetzt.",
        tongue="de",
        may_be_shown=False,
        end="spam",
    ),
    Told(
        0.55,
        "Ragna",
        "Kann ich mein Frühstück auch um elf noch einlösen?",
        tongue="de",
        treat="Harbor breakfast",
        answer="Bis zwölf gern. Danach ist der Ofen beim Mittag, und die Eier haben Pause.",
    ),
    Told(0.68, "Ole", "Hat sich erledigt, danke.", tongue="de", may_be_shown=False, end="closed"),
    Told(
        0.8,
        "Sanne",
        "My gift says it is on hold. Did I do something wrong?",
        may_be_shown=False,
        end="answered",
        answer=(
            "Not at all. The bank looked at the payment once more and is done. Your roll is waiting"
            " again."
        ),
    ),
    Told(
        0.98,
        "Thore",
        "Darf mein Hund mit rein, wenn ich meinen Kaffee abhole?",
        tongue="de",
        end="waiting",
    ),
)


def acts(data: DemoBrand, brand: Brand, *, began: datetime, ended: datetime) -> Iterator[Act]:
    """Expects the brand's scope. Each knows that it was done."""
    owner = User.objects.owning(brand)[0]
    for told in IN_SEATTLE if data is FROSTY_SPOON else IN_HAMBURG:
        asked_at = began + told.when * (ended - began)
        yield Act(asked_at, partial(_ask, brand, told, asked_at))
        if told.end != "waiting":
            later = min(asked_at + timedelta(hours=5), ended - timedelta(minutes=5))
            yield Act(later, partial(_settle, told, owner, later))


def _ask(brand: Brand, told: Told, at: datetime) -> None:
    if not Question.objects.filter(words=told.words).exists():
        box = told.name.split()[-1].lower()
        asked = Asked(
            words=told.words,
            name=told.name,
            email=f"{box}@mail.example",
            language=told.tongue,
            may_be_shown=told.may_be_shown,
            treat=Treat.objects.get(name=told.treat) if told.treat else None,
        )
        ask(brand=brand, asked=asked, now=at)


def _settle(told: Told, owner: User, at: datetime) -> None:
    question, by = Question.objects.get(words=told.words), actor_of(owner)
    with suppress(QuestionRefused):  # settled already, when the history is played again
        if told.end in ("shown", "answered"):
            show = told.end == "shown"
            answer.answer(question, words=told.answer, show=show, by=by, now=at)
        else:
            answer.close(question, as_spam=told.end == "spam", by=by, now=at)
