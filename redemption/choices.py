"""The choices that come with a treat: what the sender fixed, what the recipient still picks.

A gift carries what was offered when it was bought, so that a later change of the menu never changes it.
Gifts of the same offer share it as one row (models/option_list.py) and keep their picks alone:
`without_picks` and `picks_of` take the two apart, `with_picks` puts them together. Pure functions; no
database.
"""

from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict

from django.utils.translation import gettext

from core.locales import Text, joined


class Option(TypedDict):
    key: str
    label: str
    extra: int
    """Charged at the till when picked, minor units of the code's currency."""


class GroupWords(TypedDict, total=False):
    """A choice in another language than its brand's."""

    name: str
    options: dict[str, str]
    """By the option's key."""


class Group(TypedDict):
    """A choice as it is offered, whatever will be picked."""

    key: str
    name: str
    chooser: str
    """`sender`: fixed when the gift was bought; `recipient`: picked before or at the counter."""
    min: int
    max: int
    options: list[Option]
    translations: NotRequired[dict[str, GroupWords]]
    """By language, where the brand wrote any when it was bought. For pages alone: programs read the rest."""


class Choice(Group):
    picked: list[str]
    """Keys of options; empty while nobody has picked."""


Picks = Mapping[str, Sequence[str] | str]
"""What somebody asks for: {"flavour": ["mint"], "topping": "nuts"}."""

Picked = dict[str, list[str]]
"""What is kept: option keys by the choice's key, {"flavour": ["mint"]}. A choice still open is left out."""


class WrongPick(ValueError):
    """A pick that this gift does not offer; `choice` is the key that was asked for."""

    def __init__(self, choice: str, message: str) -> None:
        super().__init__(message)
        self.choice = choice


def without_picks(choices: Sequence[Choice]) -> list[Group]:
    """What is offered. Raises ValueError when two choices have one key: their picks would be one."""
    groups: dict[str, Group] = {}
    for choice in choices:
        group: Group = {
            "key": choice["key"],
            "name": choice["name"],
            "chooser": choice["chooser"],
            "min": choice["min"],
            "max": choice["max"],
            "options": choice["options"],
        }
        if "translations" in choice:
            group["translations"] = choice["translations"]
        groups[choice["key"]] = group
    if len(groups) < len(choices):
        raise ValueError("two choices of one key")
    return list(groups.values())


def picks_of(choices: Sequence[Choice]) -> Picked:
    """What has been picked so far."""
    return {choice["key"]: choice["picked"] for choice in choices if choice["picked"]}


def with_picks(groups: Sequence[Group], picked: Picked) -> list[Choice]:
    """The choices of an offer. Their keys stand as PostgreSQL orders those of a JSON object, the shorter
    first: programs have read them in this order from the beginning, and still do, to the byte."""
    return [
        {
            "key": group["key"],
            "max": group["max"],
            "min": group["min"],
            "name": group["name"],
            "picked": picked.get(group["key"], []),
            "chooser": group["chooser"],
            "options": group["options"],
        }
        for group in groups
    ]


def with_words(groups: Sequence[Group], picked: Picked) -> list[Choice]:
    """The same, with what is said of it in further languages: for a code that offers all of it."""
    return [
        {**choice, "translations": group["translations"]} if "translations" in group else choice
        for group, choice in zip(groups, with_picks(groups, picked), strict=True)
    ]


def in_language(
    choices: Sequence[Choice], groups: Sequence[Group] | None, language: str
) -> list[Choice]:
    """The choices of an offer as it was written in that language, each text that was not in the brand's
    own words. What was translated is a Text."""
    written = {group["key"]: group.get("translations", {}) for group in groups or ()}
    return [_worded(choice, written.get(choice["key"], {}), language) for choice in choices]


def _worded(choice: Choice, written: Mapping[str, GroupWords], language: str) -> Choice:
    words = written.get(language)
    if words is None:
        return choice
    labels = words.get("options", {})
    options: list[Option] = [
        {**option, "label": Text(labels[option["key"]], language)}
        if option["key"] in labels
        else option
        for option in choice["options"]
    ]
    name = Text(words["name"], language) if "name" in words else choice["name"]
    return {**choice, "name": name, "options": options}


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
            choice["name"] if isinstance(choice["name"], Text) else gettext(choice["name"]),
            joined(o["label"] for o in choice["options"] if o["key"] in choice["picked"]),
        )
        for choice in choices
        if choice["picked"]
    ]
