"""What happened to a brand: who came by which link, gave what to whom, and what became of it.

Planned as plain values from one die, day by day, with no look at the clock: the same brand has the same
past whenever it is played, and a history that was interrupted goes on where it stopped.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from demo import senders
from demo.brands import DemoBrand
from demo.menus import Entry
from demo.promotions import Promotion, Way
from demo.senders import Person
from demo.visits import Enjoyed, when_enjoyed, when_spent
from giftshop.orders.models import Gift

OPENED, ENJOYED, THANKED = 0.93, 0.88, 0.45
CHOSEN_BEFORE = 0.35
LOOKS_PER_DAY = 14


@dataclass(frozen=True)
class Look:
    """Somebody followed a link."""

    promotion: str
    way: str
    visitor_id: str
    at: datetime
    is_new: bool


@dataclass(frozen=True)
class Given:
    """One recipient's gift and its life. Moments that never come are None."""

    recipient: Person
    channel: str
    treat: str
    """By its name, as the menu has it; so with size and picks."""
    size: str
    words: str
    design: str
    deliver_at: datetime | None
    opened_at: datetime | None
    picks: dict[str, list[str]]
    chosen_at: datetime | None
    enjoyed: Enjoyed | None
    thanks: str
    thanked_at: datetime | None
    amount: int = 0
    """Of a gift of any amount; it is spent at these visits."""
    visits: tuple[Enjoyed, ...] = ()
    phone: str = ""
    """Of a gift that goes as a text, E.164."""


@dataclass(frozen=True)
class Came:
    """From which gift a present came, by which way and, of a counter, at which store."""

    key: str
    position: int
    way: str
    store: str = ""


@dataclass(frozen=True)
class Bought:
    """An order. `paid_at` is a minute or two after it was placed."""

    key: str
    sender: Person
    visitor_id: str
    placed_at: datetime
    paid_at: datetime
    gifts: tuple[Given, ...]
    came: Came | None = None


def plan(data: DemoBrand, *, first_day: date, days: int) -> Iterator[Look | Bought]:
    """All of it, in no order of time. Ends on the day `days` after the first."""
    dice = random.Random(data.slug)  # nosec B311  # believable, not secret
    zone = ZoneInfo(data.time_zone)
    for number in range(days + 1):
        day = first_day + timedelta(days=number)
        share = number / days
        running = [p for p in data.promotions if _runs(p, share)]
        growth = 0.55 + 0.9 * share
        keen = data.weekdays[day.weekday()] / (sum(data.weekdays) / 7)
        keen = 0.6 + 0.4 * keen  # people give on all days, more before the weekend
        yield from _looks(data, dice, running, day, zone, number, growth)
        for nth in range(_about(dice, data.orders_per_day * growth * keen)):
            key = f"demo:{number}:{nth}"
            bought_at = _moment(dice, day, zone)
            yield from _bought(data, dice, running, key, bought_at)


def _runs(promotion: Promotion, share: float) -> bool:
    return promotion.starts <= share and (promotion.ends is None or share < promotion.ends)


def _looks(
    data: DemoBrand,
    dice: random.Random,
    running: list[Promotion],
    day: date,
    zone: ZoneInfo,
    number: int,
    growth: float,
) -> Iterator[Look]:
    """Those who only looked."""
    ways = [(promotion, way) for promotion in running for way in promotion.ways]
    for nth in range(_about(dice, LOOKS_PER_DAY * growth) if ways else 0):
        promotion, way = dice.choices(ways, [way.looks for _p, way in ways])[0]
        visitor_id = f"demo-look-{data.slug}-{number}-{nth}"
        yield Look(
            promotion.name, way.name, visitor_id, _moment(dice, day, zone), dice.random() < 0.8
        )


def _bought(
    data: DemoBrand, dice: random.Random, running: list[Promotion], key: str, at: datetime
) -> Iterator[Look | Bought]:
    """An order, and the look or two by which its sender came, if it was by a link."""
    visitor_id = ""
    ways = [(promotion, way) for promotion in running for way in promotion.ways]
    if ways and dice.random() < 0.74:
        visitor_id = f"demo-visitor-{data.slug}-{key}"
        earlier = dice.choices(ways, [_pull(way) for _p, way in ways])[0]
        if dice.random() < 0.3 and at.hour > 1:
            yield _look(
                dice, earlier, visitor_id, at - timedelta(minutes=dice.randint(70, 100)), True
            )
            yield _look(
                dice, earlier, visitor_id, at - timedelta(minutes=dice.randint(3, 20)), False
            )
        else:
            yield _look(
                dice, earlier, visitor_id, at - timedelta(minutes=dice.randint(2, 25)), True
            )
    sender = senders.new_sender(data, dice)
    paid_at = at + timedelta(seconds=dice.randint(35, 160))
    gifts = tuple(gifts_of(data, dice, sender, paid_at))
    yield Bought(key, sender, visitor_id, at, paid_at, gifts)


def _pull(way: Way) -> float:
    return way.looks * way.buys


def _look(
    dice: random.Random, came: tuple[Promotion, Way], visitor_id: str, at: datetime, is_new: bool
) -> Look:
    return Look(came[0].name, came[1].name, visitor_id, at, is_new)


def gifts_of(
    data: DemoBrand, dice: random.Random, sender: Person, paid_at: datetime
) -> Iterator[Given]:
    recipients = senders.recipients_of(sender, data, dice)
    card = senders.card_for(recipients, sender, data, dice)
    entry, size = _treat(data, dice)
    same_for_all = dice.random() < 0.6
    deliver_at = _later(dice, paid_at) if dice.random() < 0.14 else None
    for recipient in recipients:
        if not same_for_all:
            entry, size = _treat(data, dice)
        if not card.is_for_many or dice.random() < 0.35:
            card = senders.card_for((recipient,), sender, data, dice, design=card.design)
        channel = Gift.Channel.LINK if dice.random() < 0.16 else Gift.Channel.EMAIL
        words = card.to(recipient.name)
        given = (recipient, channel, entry, size, words, card.design, deliver_at)
        yield life(data, dice, *given, begins=deliver_at or paid_at)


def _treat(data: DemoBrand, dice: random.Random) -> tuple[Entry, str]:
    entry = dice.choices(data.menu, [entry.liked for entry in data.menu])[0]
    sizes = [name for name, _amount in entry.sizes]
    return entry, dice.choices(sizes, [3, 1][: len(sizes)])[0]


def life(
    data: DemoBrand,
    dice: random.Random,
    recipient: Person,
    channel: str,
    entry: Entry,
    size: str,
    words: str,
    design: str,
    deliver_at: datetime | None,
    *,
    begins: datetime,
) -> Given:
    """Every die is thrown whatever became of it, so that one gift's fate changes no other's."""
    opened_at = begins + timedelta(minutes=2 + dice.lognormvariate(4.3, 1.5))
    chosen_at = opened_at + timedelta(seconds=dice.randint(20, 200))
    picks = _picks(entry, dice)
    enjoyed = when_enjoyed(data, dice, entry, size, after=chosen_at)
    amount = _amount(entry, dice)
    visits = when_spent(data, dice, amount, after=chosen_at) if amount else ()
    thanks = dice.choice(data.thanks[recipient.tongue])
    thanked_at = (enjoyed.at if dice.random() < 0.55 else chosen_at) + timedelta(
        minutes=dice.randint(4, 190)
    )
    is_opened = dice.random() < OPENED
    is_enjoyed = dice.random() < ENJOYED and is_opened
    is_chosen = dice.random() < CHOSEN_BEFORE and is_opened and bool(picks)
    is_thanked = dice.random() < THANKED and is_opened and (is_enjoyed or thanked_at < enjoyed.at)
    return Given(
        recipient=recipient,
        channel=channel,
        treat=entry.name,
        size=size,
        words=words,
        design=design,
        deliver_at=deliver_at,
        opened_at=opened_at if is_opened else None,
        picks=picks,
        chosen_at=chosen_at if is_chosen else None,
        enjoyed=enjoyed if is_enjoyed and not amount else None,
        amount=amount,
        visits=visits if is_enjoyed else (),
        thanks=thanks if is_thanked else "",
        thanked_at=thanked_at if is_thanked else None,
    )


def _amount(entry: Entry, dice: random.Random) -> int:
    """Rather one that is suggested; nothing of a treat."""
    if entry.most is None:
        return 0
    typed = 250 * dice.randint(3, 30)
    return dice.choice(entry.suggested) if dice.random() < 0.7 else typed


def _picks(entry: Entry, dice: random.Random) -> dict[str, list[str]]:
    """What the recipient takes; seldom nothing where nothing is allowed."""
    picks = {}
    for group in entry.groups:
        most = min(group.most, len(group.options))
        count = dice.randint(max(group.least, 1), most) if group.least or dice.random() < 0.7 else 0
        picks[group.name] = sorted(dice.sample([label for label, _e in group.options], count))
    return {name: picked for name, picked in picks.items() if picked}


def _moment(dice: random.Random, day: date, zone: ZoneInfo) -> datetime:
    """When people sit with their phones: some at breakfast, more at noon, most after work."""
    hour = dice.choices(range(7, 24), [3, 5, 5, 5, 6, 9, 8, 6, 6, 7, 8, 9, 11, 14, 14, 9, 4])[0]
    at = time(hour, dice.randrange(60), dice.randrange(60), dice.randrange(1_000_000))
    return datetime.combine(day, at, tzinfo=zone)


def _later(dice: random.Random, paid_at: datetime) -> datetime:
    """A morning in the days to come."""
    day = paid_at.date() + timedelta(days=dice.choice((1, 1, 2, 3, 5, 8, 12)))
    return datetime.combine(day, time(dice.choice((8, 9, 12, 17)), 0), tzinfo=paid_at.tzinfo)


def _about(dice: random.Random, mean: float) -> int:
    """A whole number near the mean, now and then far from it."""
    return max(0, round(dice.gauss(mean, mean**0.5 * 0.8)))
