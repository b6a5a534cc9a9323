"""What is in a treat that was given, as the menu says it now: it is made now, not when it was bought."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from giftshop.catalog.contents import Told, told, told_of_choice
from giftshop.catalog.models import Option, Treat


@dataclass(frozen=True)
class GiftContents:
    treat: Told = field(default_factory=Told)
    choices: dict[str, Told] = field(default_factory=dict)
    """By "flavour:mint"; nothing where nothing is told of the treat or any choice of it."""


def read(treat: Treat) -> GiftContents:
    """One query."""
    rows = Option.objects.filter(group__treat=treat).select_related("group")
    return of_options(treat, rows)


def of_options(treat: Treat, options: Iterable[Option]) -> GiftContents:
    """The same, of options that are read already, with their groups."""
    choices = {f"{each.group.key}:{each.key}": each.contents for each in options}
    of_treat = told(treat.contents, choices.values())
    if not of_treat:
        return GiftContents()
    return GiftContents(of_treat, {key: told_of_choice(each) for key, each in choices.items()})
