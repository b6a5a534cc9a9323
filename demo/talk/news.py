"""What the two shops tell on their pages: on show, soon, a draft, and over."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.utils import timezone

from brands.models import Brand
from demo.brands import FROSTY_SPOON, DemoBrand
from demo.replay import Act
from giftshop.accounts.access import actor_of
from giftshop.accounts.models import User
from giftshop.news import write
from giftshop.news.models import News
from giftshop.news.write import NewsFacts


@dataclass(frozen=True)
class Told:
    """Days are counted from the last one of the past; `when`: the part of the past that was over."""

    when: float
    title: str
    words: str
    treat: str
    first: int
    last: int
    happens: int | None = None
    is_draft: bool = False


IN_SEATTLE = (
    Told(
        0.1,
        "Rhubarb came early",
        "Six crates from the Skagit valley, stewed with a little ginger. It is gone when it is gone.",
        "double-scoop",
        -40,
        -26,
    ),
    Told(
        0.8,
        "Two spoons, one bowl",
        "On Sunday evenings every waffle bowl comes with a second spoon and a candle, as long as there are"
        " tables.",
        "waffle-bowl",
        -6,
        20,
    ),
    Told(
        0.93,
        "Come and fold with us",
        "An hour behind the counter for eight children and whoever brings them. Just come by and put your"
        " name on the board.",
        "kids-scoop",
        -2,
        9,
        9,
    ),
    Told(
        0.95,
        "Closed for one morning",
        "We are getting a new freezer at Pike Street and open at two that day. The other stores open as"
        " ever.",
        "mini-cake",
        4,
        6,
        6,
    ),
    Told(
        0.97,
        "Black sesame is back",
        "Still looking for the right words for this one.",
        "double-scoop",
        10,
        24,
        is_draft=True,
    ),
)
IN_HAMBURG = (
    Told(
        0.1,
        "The window is warm again",
        "New seals, a new bench and the old view. Thank you for wearing your coats inside.",
        "flat-white",
        -44,
        -30,
    ),
    Told(
        0.82,
        "From the roaster, on Thursdays",
        "Merle roasts at seven. Whoever is early may smell it, and whoever asks may taste it.",
        "pour-over",
        -5,
        25,
    ),
    Told(
        0.94,
        "An evening of slow cups",
        "Three beans, one kettle, no hurry. Twelve seats, and it costs what you drink.",
        "pour-over",
        -1,
        8,
        8,
    ),
    Told(
        0.96,
        "First rhubarb cake",
        "From our grandmother's card, with the spelling mistakes. As long as the garden gives.",
        "almond-croissant",
        5,
        18,
    ),
    Told(
        0.965,
        "Cinnamon rolls for the fire brigade",
        "A draft, until they have said yes.",
        "cinnamon-roll",
        12,
        13,
        12,
        is_draft=True,
    ),
)


def told_by(data: DemoBrand) -> tuple[Told, ...]:
    """In the order in which it was written."""
    return IN_SEATTLE if data is FROSTY_SPOON else IN_HAMBURG


def acts(data: DemoBrand, brand: Brand, *, began: datetime, ended: datetime) -> Iterator[Act]:
    """Expects the brand's scope. Each knows that it was done."""
    by = User.objects.owning(brand)[0]
    for told in told_by(data):
        at = began + told.when * (ended - began)
        yield Act(at, partial(_tell, data, brand, told, by, at, ended))


def _tell(
    data: DemoBrand, brand: Brand, told: Told, by: User, at: datetime, ended: datetime
) -> None:
    if News.objects.filter(title=told.title).exists():
        return
    today = timezone.localdate(ended, brand.tz)
    facts = NewsFacts(
        title=told.title,
        words=told.words,
        translations=data.in_further(title=told.title, words=told.words),
        art=f"art/{data.slug}/{told.treat}.svg",
        happens_on=None if told.happens is None else today + timedelta(days=told.happens),
        shown_from=today + timedelta(days=told.first),
        shown_until=today + timedelta(days=told.last),
    )
    news = write.add(brand=brand, facts=facts, by=actor_of(by), now=at)
    if not told.is_draft:
        write.publish(news, by=actor_of(by), now=at)
