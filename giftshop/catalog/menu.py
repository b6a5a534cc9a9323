"""A brand's treats as its pages show them, by category in menu order."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from giftshop.catalog.models import Price, Treat


@dataclass(frozen=True)
class Category:
    name: str
    treats: list[Treat]


def by_category(treats: Iterable[Treat]) -> list[Category]:
    """Categories stand where their first treat stands; within one the menu's order stays."""
    ordered = list(treats)
    place: dict[str, int] = {}
    for treat in ordered:
        place.setdefault(treat.category, len(place))
    ordered.sort(key=lambda treat: place[treat.category])
    return [
        Category(name, list(group))
        for name, group in groupby(ordered, key=lambda treat: treat.category)
    ]


def cheapest(treat: Treat) -> Price:
    """Its lowest price. No query after `on_the_menu()`."""
    return min(treat.prices.all(), key=lambda price: price.amount)


def chosen_by_friend(treat: Treat) -> list[str]:
    """What is left for the friend to choose: ["Flavour", "Topping"]. No query after `on_the_menu()`."""
    return [group.name for group in treat.option_groups.all() if len(group.options.all()) > 1]


@dataclass(frozen=True)
class Offer:
    """A treat in one size: what a sender picks."""

    treat: Treat
    price: Price

    @property
    def key(self) -> str:
        """Names it within the brand: "double-scoop:regular"."""
        return f"{self.treat.slug}:{self.price.key}"


def offers(treats: Iterable[Treat]) -> dict[str, Offer]:
    """All that can be picked, by key, in menu order. No query after `on_the_menu()`."""
    found = [Offer(treat, price) for treat in treats for price in treat.prices.all()]
    return {offer.key: offer for offer in found}
