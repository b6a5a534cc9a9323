"""When a recipient comes for the treat: some days later, rather at the weekend, while the store is open."""

import random
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from demo.brands import DemoBrand
from demo.menus import Entry
from demo.stores import Place

MEAN_DAYS = 5.5
BASKET_KNOWN, REVERSED = 0.55, 0.014
BOUGHT_TOO = 0.62
PARTS_MAX, COMES_AGAIN = 4, 0.75


@dataclass(frozen=True)
class Enjoyed:
    """At the counter. `besides`: what else was bought there, minor units; None where the till told no
    total. `reversed_after`: seconds until the cashier took it back and did it again."""

    store: str
    at: datetime
    cashier: int
    besides: int | None
    reversed_after: int | None


def when_enjoyed(
    data: DemoBrand, dice: random.Random, entry: Entry, size: str, *, after: datetime
) -> Enjoyed:
    place = dice.choices(data.stores, [place.busy for place in data.stores])[0]
    zone = ZoneInfo(data.time_zone)
    lag = dice.expovariate(1 / MEAN_DAYS)
    at = _open_hour(data, dice, place, zone, day=_day(data, dice, after, lag), after=after)
    price = next(amount for name, amount in entry.sizes if name == size)
    besides = round(price * dice.choice((0.5, 0.7, 1, 1, 1.4, 2)) / 5) * 5
    besides = besides if dice.random() < BOUGHT_TOO else 0
    return Enjoyed(
        store=place.slug,
        at=at,
        cashier=dice.randrange(len(place.team)),
        besides=besides if dice.random() < BASKET_KNOWN else None,
        reversed_after=dice.randint(12, 50) if dice.random() < REVERSED else None,
    )


def when_spent(
    data: DemoBrand, dice: random.Random, amount: int, *, after: datetime
) -> tuple[Enjoyed, ...]:
    """The visits at which an amount goes, `besides` being the whole basket of each; seldom all of it."""
    visits: list[Enjoyed] = []
    left, entry = amount, data.menu[0]
    while left > 0 and len(visits) < PARTS_MAX and (not visits or dice.random() < COMES_AGAIN):
        visit = when_enjoyed(data, dice, entry, entry.sizes[0][0], after=after)
        basket = 5 * dice.randint(80, 420)
        visits.append(replace(visit, besides=basket, reversed_after=None))
        left, after = left - basket, visit.at
    return tuple(visits)


def _day(data: DemoBrand, dice: random.Random, after: datetime, lag: float) -> date:
    """The day the lag points at or one of the next three, by how busy these weekdays are."""
    days = [(after + timedelta(days=lag + later)).date() for later in range(4)]
    return dice.choices(days, [data.weekdays[day.weekday()] for day in days])[0]


def _open_hour(
    data: DemoBrand,
    dice: random.Random,
    place: Place,
    zone: ZoneInfo,
    *,
    day: date,
    after: datetime,
) -> datetime:
    """A moment of the day's rush at which the store is open, or of the next day it is."""
    while True:
        opens, _dash, closes = place.hours[day.weekday()].partition("-")
        hours = [hour for hour in data.rush if opens and opens <= f"{hour:02}:00" < closes]
        if hours:
            hour = dice.choices(hours, [data.rush[hour] for hour in hours])[0]
            minute = dice.randrange(30 if f"{hour:02}:30" == closes else 60)
            at = datetime.combine(day, time(hour, minute, dice.randrange(60)), tzinfo=zone)
            if at > after:
                return at
        day += timedelta(days=1)
