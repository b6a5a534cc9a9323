"""The choices that come with a treat: what the sender fixed, what the friend still picks.

A code carries a snapshot, made when the gift was bought, so that a later change of the menu never
changes a gift. Pure functions; no database.
"""

from collections.abc import Mapping, Sequence
from typing import TypedDict

from django.utils.translation import gettext


class Option(TypedDict):
    key: str
    label: str
    extra: int
    """Charged at the till when picked, minor units of the code's currency."""


class Choice(TypedDict):
    key: str
    name: str
    chooser: str
    """`sender`: fixed when the gift was bought; `recipient`: picked before or at the counter."""
    min: int
    max: int
    options: list[Option]
    picked: list[str]
    """Keys of options; empty while nobody has picked."""


Picks = Mapping[str, Sequence[str] | str]
"""What somebody asks for: {"flavour": ["mint"], "topping": "nuts"}."""


class WrongPick(ValueError):
    """A pick that this gift does not offer; `choice` is the key that was asked for."""

    def __init__(self, choice: str, message: str) -> None:
        super().__init__(message)
        self.choice = choice


def apply(choices: Sequence[Choice], picks: Picks) -> list[Choice]:
    """The choices with the picks put in. Raises WrongPick for unknown keys or too many picks.

    What the sender fixed stays as it is; asking for the very same is fine.
    """
    known = {choice["key"] for choice in choices}
    for key in picks:
        if key not in known:
            raise WrongPick(key, f"This gift has no choice named {key!r}.")
    return [
        _with_pick(choice, picks[choice["key"]]) if choice["key"] in picks else choice
        for choice in choices
    ]


def _with_pick(choice: Choice, wanted: Sequence[str] | str) -> Choice:
    picked = [wanted] if isinstance(wanted, str) else list(dict.fromkeys(wanted))
    offered = {option["key"] for option in choice["options"]}
    if choice["chooser"] == "sender" and picked != choice["picked"]:
        raise WrongPick(choice["key"], f"{choice['name']} was fixed by the sender.")
    for key in picked:
        if key not in offered:
            raise WrongPick(choice["key"], f"{choice['name']} has no option {key!r}.")
    if len(picked) > choice["max"]:
        raise WrongPick(choice["key"], f"{choice['name']} takes {choice['max']} at most.")
    return {**choice, "picked": picked}


def open_choices(choices: Sequence[Choice]) -> list[Choice]:
    """Those that still need a pick before the treat can be handed over."""
    return [choice for choice in choices if len(choice["picked"]) < choice["min"]]


def extra_charge(choices: Sequence[Choice]) -> int:
    """What the recipient's picks cost over the gift, minor units."""
    return sum(
        option["extra"]
        for choice in choices
        if choice["chooser"] == "recipient"
        for option in choice["options"]
        if option["key"] in choice["picked"]
    )


def describe(choices: Sequence[Choice]) -> list[tuple[str, str]]:
    """[("Size", "Regular"), ("Flavour", "Mint, Fudge")]: what has been picked, for people."""
    return [
        (
            gettext(choice["name"]),
            ", ".join(o["label"] for o in choice["options"] if o["key"] in choice["picked"]),
        )
        for choice in choices
        if choice["picked"]
    ]
