"""A brand's treats as its pages show them, by category in menu order."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby

from brands.models import Brand, Store
from core.locales import Text, joined
from giftshop.catalog import store_list
from giftshop.catalog.models import Price, Treat
from giftshop.catalog.sold_out import Nowhere, nowhere


@dataclass(frozen=True)
class Category:
    name: str
    treats: list[Treat]

    @property
    def said_name(self) -> str:
        """In the reader's language, as the first of its treats says it that says it at all."""
        said = (treat.said["category"] for treat in self.treats)
        return next((text for text in said if isinstance(text, Text)), self.name)


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


def chosen_by_recipient(treat: Treat) -> str:
    """What is left for the recipient to choose: "Flavour, Topping". No query after `on_the_menu()`."""
    groups = [group for group in treat.option_groups.all() if len(group.options.all()) > 1]
    return joined(group.said["name"] for group in groups)


def sizes(treat: Treat) -> list[str]:
    """Their names; a free amount has none. No query after `on_the_menu()`."""
    return [price.said["name"] for price in treat.prices.all() if not price.is_free]


@dataclass(frozen=True)
class Offer:
    """A treat in one size, or for one amount: what a sender picks."""

    treat: Treat
    price: Price
    is_sold_out: bool = False
    """Today, in all stores: nobody could hand it over."""
    suggested: int | None = None
    """Of a free amount one that is suggested; None: its sender types one."""

    @property
    def key(self) -> str:
        """Names it within the brand: "double-scoop:regular", "a-gift:amount:2500"."""
        ending = "" if self.suggested is None else f":{self.suggested}"
        return f"{self.treat.slug}:{self.price.key}{ending}"

    @property
    def anchor(self) -> str:
        """The same as the id of an element."""
        return self.key.replace(":", "-")

    @property
    def amount(self) -> int | None:
        """What it costs, minor units; None while its sender has not said so."""
        return self.suggested if self.price.is_free else self.price.amount

    @property
    def is_typed(self) -> bool:
        return self.amount is None


def offers_of(treat: Treat, price: Price, *, is_sold_out: bool = False) -> list[Offer]:
    """One, or several of a free amount."""
    of_price = Offer(treat, price, is_sold_out)
    return [*(replace(of_price, suggested=amount) for amount in price.suggested), of_price]


@dataclass(frozen=True)
class Menu:
    """What the brand's stores can hand over. Before the shop has opened and without a store that is on,
    nothing is given."""

    treats: list[Treat]
    stores: list[Store]
    """Those that the shop shows at first, see store_list.py."""
    store_count: int
    """All that are open for gifts."""
    nowhere: Nowhere
    """What no store has any more today."""
    opens_soon: bool = False
    """Its owner is still setting it up."""

    @property
    def is_closed(self) -> bool:
        return self.opens_soon or not self.store_count

    def offers(self) -> dict[str, Offer]:
        """All that is on it, by key, in its order; nothing while it is closed. No query."""
        treats = [] if self.is_closed else self.treats
        return {offer.key: offer for treat in treats for offer in self.offers_of(treat)}

    def offers_of(self, treat: Treat) -> list[Offer]:
        """Its sizes; of a free amount one for each that is suggested, and at last the one that is typed."""
        return [
            offer
            for price in treat.prices.all()
            for offer in offers_of(treat, price, is_sold_out=price.pk in self.nowhere.sizes)
        ]


CHOICE_LENGTH_MAX = 140
AN_AMOUNT = re.compile(r"[1-9][0-9]{0,11}", re.ASCII)


def chosen_amount(treat: Treat, choice: str) -> Offer | None:
    """What a link has chosen of a treat of a free amount, by the offer's key: one between its limits. No
    query where the prices are loaded."""
    before, _colon, amount = choice[:CHOICE_LENGTH_MAX].rpartition(":")
    if not AN_AMOUNT.fullmatch(amount):
        return None
    for price in treat.prices.all():
        offer = Offer(treat, price, suggested=int(amount))
        if price.most is not None and offer.key == f"{before}:{amount}":
            return offer if price.amount <= int(amount) <= price.most else None
    return None


def priced(treats: Iterable[Treat], day: date) -> list[Treat]:
    """The treats, each size with what it costs on that day. In memory alone: nobody saves these rows."""
    found = list(treats)
    for treat in found:
        for price in treat.prices.all():
            price.amount = price.on(day)
    return found


def read(brand: Brand, now: datetime) -> Menu:
    """The menu of this moment. Expects the brand's scope; 6 queries with everything on it."""
    stores, store_count = store_list.at_first(Store.objects.open_for_gifts(), now)
    day = now.astimezone(brand.tz).date()
    treats = priced(Treat.objects.on_the_menu(day), day)
    return Menu(
        treats=treats,
        stores=stores,
        store_count=store_count,
        nowhere=nowhere(treats, store_count, now),
        opens_soon=brand.opened_at is None,
    )
