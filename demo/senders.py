"""Puts people together: who writes, to which friends, in which language, with which words."""

import random
from dataclasses import dataclass

from demo.brands import DemoBrand
from demo.cards import Card
from demo.people import INITIALS, MAIL_HOSTS, NAMES

SHARED_TONGUE = 0.85
FRIENDS = {1: 30, 2: 38, 3: 18, 4: 9, 5: 5}
DESIGNS = {
    "just-because": 34,
    "thank-you": 26,
    "birthday": 18,
    "congratulations": 10,
    "love": 8,
    "get-well": 6,
}


@dataclass(frozen=True)
class Guest:
    name: str
    email: str
    tongue: str


def sender(data: DemoBrand, dice: random.Random) -> Guest:
    tongue = dice.choices(list(data.tongues), list(data.tongues.values()))[0]
    return _guest(tongue, dice)


def friends_of(giver: Guest, data: DemoBrand, dice: random.Random) -> tuple[Guest, ...]:
    """One to five, none named like another or like the giver."""
    count = dice.choices(list(FRIENDS), list(FRIENDS.values()))[0]
    home = next(iter(data.tongues))
    chosen: dict[str, Guest] = {giver.name: giver}
    while len(chosen) <= count:
        tongue = giver.tongue if dice.random() < SHARED_TONGUE else home
        friend = _guest(tongue, dice)
        chosen.setdefault(friend.name, friend)
    return tuple(chosen.values())[1:]


def card_for(
    friends: tuple[Guest, ...],
    giver: Guest,
    data: DemoBrand,
    dice: random.Random,
    *,
    design: str = "",
) -> Card:
    """Words that all of them can read: the giver's language if they share it, else the brand's first."""
    shared = all(friend.tongue == giver.tongue for friend in friends)
    tongue = giver.tongue if shared else next(iter(data.tongues))
    design = design or dice.choices(list(DESIGNS), list(DESIGNS.values()))[0]
    fitting = [
        card
        for card in data.cards
        if card.tongue == tongue and (len(friends) == 1 or card.is_for_many)
    ]
    if not fitting:  # a small language with words for one friend only: each gets its own below
        fitting = [card for card in data.cards if card.tongue == tongue]
    return dice.choice([card for card in fitting if card.design == design] or fitting)


def _guest(tongue: str, dice: random.Random) -> Guest:
    name, spelled = dice.choice(NAMES[tongue])
    letter = dice.choice(INITIALS)
    return Guest(
        name=name,
        email=f"{spelled}.{letter.lower()}@{dice.choice(MAIL_HOSTS)}",
        tongue=tongue,
    )
