"""What recipients said of the treats they had: most of it shown, some not looked at yet, a little hidden."""

import random
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

from demo.brands import DemoBrand
from demo.history import Bought, Given, Look
from demo.replay import PAGES, Act
from giftshop.accounts.access import actor_of
from giftshop.accounts.models import User
from giftshop.orders.models import Gift
from giftshop.reviews import judge
from giftshop.reviews.judge import JudgeRefused
from giftshop.reviews.models import Review
from giftshop.reviews.write import ReviewRefused, Said, write

SAID, WITH_NAME = 0.34, 0.6
LOOKED_AT_AFTER, WAIT = timedelta(days=2), 2
"""An owner looks at what was said about so late; the last two wait."""
STARS = {5: 58, 4: 27, 3: 9, 2: 4, 1: 2}

WORDS: dict[str, dict[int, tuple[str, ...]]] = {
    "en": {
        5: (
            "Ate it on the bench outside and told nobody for ten minutes.",
            "The person at the counter knew whose birthday it was. That was half of it.",
            "Exactly what that week needed.",
            "I had to come back two days later and buy one for myself.",
            "Best thing anybody has sent me that didn't need a vase.",
            "",
            "",
        ),
        4: (
            "Very good. The queue was long, and it was worth it.",
            "Lovely, and a bit more than I could manage on my own.",
            "Kind people, good treat, a wobbly table.",
            "",
        ),
        3: (
            "Good, but my first choice was gone when I came.",
            "Fine. I liked the card that came with it more.",
        ),
        2: ("Melted before I found a seat. Nice staff, though.",),
        1: ("They were closing up and I felt it.",),
    },
    "de": {
        5: (
            "Auf der Kaimauer gegessen, Möwen abgewehrt, sehr glücklich.",
            "Genau die Pause, die ich nicht von allein gemacht hätte.",
            "So gut, dass ich den nächsten gleich selbst verschenkt habe.",
            "",
        ),
        4: ("Sehr fein. Der Platz am Fenster war leider schon weg.", ""),
        3: ("Gut, aber lauwarm.",),
        2: ("Lange gewartet, und dann war es eilig.",),
        1: ("Meine Wahl war aus, und niemand wusste warum.",),
    },
    "es": {
        5: (
            "Me lo comí despacio para que durara más.",
            "Hacía meses que no me reía tanto en una cola.",
            "",
        ),
        4: ("Muy rico, aunque había mucha gente.", ""),
        3: ("Bien, sin más. La tarjeta me hizo llorar.",),
        2: ("Llegó algo derretido.",),
        1: ("No les quedaba lo que yo quería.",),
    },
}
OUT_OF_PLACE = {
    2: (2, "Ask for anybody but the tall one with the beard. He knows what he did.", "personal"),
    9: (5, "Great! More great things on my own page, ten percent off with my name.", "advertising"),
}
"""What has no place at a treat, by the number of the review."""


def acts(data: DemoBrand, story: Iterable[Look | Bought], *, ended: datetime) -> Iterator[Act]:
    """Some days after a gift was enjoyed its recipient says how it was; then an owner looks at it."""
    told = sorted(_told(data, story), key=lambda each: each[2])
    told = [each for each in told if each[2] < ended]
    for number, (key, position, at, said) in enumerate(told, start=1):
        because = ""
        if number in OUT_OF_PLACE:
            stars, words, because = OUT_OF_PLACE[number]
            said = Said(stars=stars, words=words, language="en")
        yield Act(at, partial(_write, key, position, said, at))
        seen_at = at + LOOKED_AT_AFTER
        if seen_at < ended and number <= len(told) - WAIT:
            yield Act(seen_at, partial(_judge, key, position, because, seen_at))


def _told(
    data: DemoBrand, story: Iterable[Look | Bought]
) -> Iterator[tuple[str, int, datetime, Said]]:
    """Of which order and which gift of it, when, and what. Whoever came first says it in any case: a past of
    a single week has a review, too, whatever weekday it is seeded on."""
    dice = random.Random(f"reviews of {data.slug}")  # nosec B311  # believable, not secret
    enjoyed = list(_enjoyed(story))
    first = min((had_at for *_gift, had_at in enjoyed), default=None)
    for key, position, given, had_at in enjoyed:
        if dice.random() < SAID or had_at == first:
            at = had_at + timedelta(days=1, minutes=dice.randrange(600))
            yield key, position, at, _said(given, dice)


def _enjoyed(story: Iterable[Look | Bought]) -> Iterator[tuple[str, int, Given, datetime]]:
    """Gifts that were handed over: of which order and which of it, and when."""
    for bought in story:
        if isinstance(bought, Bought):
            for position, given in enumerate(bought.gifts, start=1):
                if given.enjoyed is not None:
                    yield bought.key, position, given, given.enjoyed.at


def _said(given: Given, dice: random.Random) -> Said:
    tongue = given.recipient.tongue if given.recipient.tongue in PAGES else "en"
    stars = dice.choices(list(STARS), list(STARS.values()))[0]
    name = given.recipient.name.split()[0] if dice.random() < WITH_NAME else ""
    return Said(stars=stars, words=dice.choice(WORDS[tongue][stars]), name=name, language=tongue)


def _write(key: str, position: int, said: Said, at: datetime) -> None:
    """Once, also where the history is played again."""
    gift = Gift.objects.get(order__key=key, position=position)
    if not Review.objects.filter(gift=gift).exists():
        with suppress(ReviewRefused):
            write(gift_id=gift.pk, said=said, now=at)


def _judge(key: str, position: int, because: str, at: datetime) -> None:
    review = Review.objects.waiting().filter(gift__order__key=key, gift__position=position).first()
    if review is None:
        return
    by = actor_of(User.objects.owning(review.brand)[0])
    with suppress(JudgeRefused):
        if because:
            judge.hide(review, because=Review.Reason(because), by=by, now=at)
        else:
            judge.show(review, by=by, now=at)
