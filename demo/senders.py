"""Puts people together: who writes, to which recipients, in which language, with which words."""

import random
from dataclasses import dataclass

from demo.brands import DemoBrand
from demo.cards import Card
from demo.people import INITIALS, MAIL_HOSTS, NAMES

SHARED_TONGUE = 0.85
RECIPIENTS = {1: 30, 2: 38, 3: 18, 4: 9, 5: 5}
DESIGNS = {
    "just-because": 34,
    "thank-you": 26,
    "birthday": 18,
    "congratulations": 10,
    "love": 8,
    "get-well": 6,
}


@dataclass(frozen=True)
class Person:
    name: str
    email: str
    tongue: str


def new_sender(data: DemoBrand, dice: random.Random) -> Person:
    tongue = dice.choices(list(data.tongues), list(data.tongues.values()))[0]
    return _person(tongue, dice)


def recipients_of(sender: Person, data: DemoBrand, dice: random.Random) -> tuple[Person, ...]:
    """One to five, none named like another or like the sender."""
    count = dice.choices(list(RECIPIENTS), list(RECIPIENTS.values()))[0]
    home = next(iter(data.tongues))
    chosen: dict[str, Person] = {sender.name: sender}
    while len(chosen) <= count:
        tongue = sender.tongue if dice.random() < SHARED_TONGUE else home
        recipient = _person(tongue, dice)
        chosen.setdefault(recipient.name, recipient)
    return tuple(chosen.values())[1:]


def card_for(
    recipients: tuple[Person, ...],
    sender: Person,
    data: DemoBrand,
    dice: random.Random,
    *,
    design: str = "",
) -> Card:
    """Words that all of them can read: the sender's language if they share it, else the brand's first."""
    shared = all(recipient.tongue == sender.tongue for recipient in recipients)
    tongue = sender.tongue if shared else next(iter(data.tongues))
    design = design or dice.choices(list(DESIGNS), list(DESIGNS.values()))[0]
    fitting = [
        card
        for card in data.cards
        if card.tongue == tongue and (len(recipients) == 1 or card.is_for_many)
    ]
    if not fitting:  # a small language with words for one recipient only: each gets its own below
        fitting = [card for card in data.cards if card.tongue == tongue]
    return dice.choice([card for card in fitting if card.design == design] or fitting)


def _person(tongue: str, dice: random.Random) -> Person:
    name, spelled = dice.choice(NAMES[tongue])
    letter = dice.choice(INITIALS)
    return Person(
        name=name,
        email=f"{spelled}.{letter.lower()}@{dice.choice(MAIL_HOSTS)}",
        tongue=tongue,
    )
