"""A treat with its sizes and choices, in memory: what an owner says of it becomes of its rows, and how the
audit log tells it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from brands import slugs
from brands.models import Brand
from brands.translations import Translated, Translations
from core import money
from core.row_diff import Changes, Rows
from giftshop.catalog.models import SIZE_KEY, Option, OptionGroup, Price, Treat
from giftshop.catalog.translations import further_languages
from giftshop.studio.catalog.facts import GroupFacts, SizeFacts, TreatFacts
from giftshop.studio.catalog.renames import renames

KEY_LENGTH_MAX = 36
Row = TypeVar("Row", bound=Translated)
TABLES = (Treat, Price, OptionGroup, Option)
"""In the order in which rows are written."""


@dataclass
class Group:
    row: OptionGroup
    options: list[Option] = field(default_factory=list)


@dataclass
class Parts:
    """In the order of its page."""

    treat: Treat
    prices: list[Price] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)

    @classmethod
    def of(cls, treat: Treat) -> "Parts":
        """No query where prices and option groups with their options were fetched."""
        return cls(
            treat,
            list(treat.prices.all()),
            [Group(group, list(group.options.all())) for group in treat.option_groups.all()],
        )

    @property
    def options(self) -> list[Option]:
        return [option for group in self.groups for option in group.options]

    def say(self, facts: TreatFacts, rows: Rows) -> Changes:
        """What differs is put into the rows. Its address, place and whether it is on the menu stay."""
        before = self.said()
        changes = rows.change(self.treat, facts.columns())
        _translate(self.treat, facts.translations, self.treat.brand, rows)
        self._say_sizes(facts.sizes, rows)
        self._say_groups(facts.groups, rows)
        after = self.said()
        return changes | {
            name: [before[name], after[name]] for name in after if before[name] != after[name]
        }

    def said(self) -> dict[str, list[str]]:
        """Sizes and groups as the audit log tells them: ["Large 8.50 USD"], ["Flavour: Mint, Vanilla"]."""
        currency = self.treat.brand.currency
        return {
            "sizes": [_price_said(price, currency) for price in self.prices],
            "translations": sorted(self._translated()),
            "option_groups": [
                f"{group.row.name}: {', '.join(option.label for option in group.options)}"
                for group in self.groups
            ],
        }

    def _translated(self) -> set[str]:
        """["de: Eisbecher"]: of all its parts."""
        rows: list[Translated] = [self.treat, *self.prices, *(group.row for group in self.groups)]
        return {
            f"{language}: {words}"
            for row in [*rows, *self.options]
            for language, said in row.translations.items()
            for words in said.values()
        }

    def _say_sizes(self, sizes: Sequence[SizeFacts], rows: Rows) -> None:
        kept = {price.key: price for price in self.prices}
        keys = _keys(sizes, set(kept))
        for key in kept.keys() - set(keys):
            rows.remove(kept[key])
        self.prices = []
        for position, (key, size) in enumerate(zip(keys, sizes, strict=True), start=1):
            price = kept.get(key) or _new(Price(treat=self.treat, key=key), rows)
            rows.change(price, {**size.columns(), "position": position})
            _translate(price, size.translations, self.treat.brand, rows)
            self.prices.append(price)

    def _say_groups(self, groups: Sequence[GroupFacts], rows: Rows) -> None:
        kept = {group.row.key: group for group in self.groups}
        keys = _keys(groups, set(kept))
        for key in kept.keys() - set(keys):
            rows.remove(kept[key].row)
        self.groups = []
        for position, (key, facts) in enumerate(zip(keys, groups, strict=True), start=1):
            group = kept.get(key) or Group(_new(OptionGroup(treat=self.treat, key=key), rows))
            said = {
                "name": facts.name,
                "min_picks": facts.min_picks,
                "max_picks": facts.max_picks,
                "position": position,
            }
            rows.change(group.row, said)
            _translate(group.row, facts.translations, self.treat.brand, rows)
            self._say_options(group, facts, rows)
            self.groups.append(group)

    def _say_options(self, group: Group, facts: GroupFacts, rows: Rows) -> None:
        """An option is known by its label, or by one that reads like it: then it keeps its key, and what
        stores told of it."""
        labels = [label for label, _extra in facts.options]
        words = dict(zip(labels, facts.option_translations, strict=False))
        kept = {option.label: option for option in group.options}
        renamed = renames(kept.keys() - set(labels), set(labels) - kept.keys())
        kept |= {label: kept[old] for label, old in renamed.items()}
        stays = [kept[label] for label in labels if label in kept]
        for option in group.options:
            if option not in stays:
                rows.remove(option)
        taken = {option.key for option in stays}
        group.options = []
        for position, (label, extra) in enumerate(facts.options, start=1):
            row = kept.get(label)
            if row is None:
                key = _free_key(label, taken, "option")
                taken.add(key)
                row = _new(Option(group=group.row, key=key), rows)
            # under another name it may be made of other things
            unsaid: dict[str, Any] = {"allergens": None, "diet": []} if label in renamed else {}
            rows.change(row, {"label": label, "extra": extra, "position": position, **unsaid})
            _translate(row, words.get(label, {}), self.treat.brand, rows)
            group.options.append(row)


def _new(row: Row, rows: Rows) -> Row:
    rows.add(row)
    return row


def _translate(row: Translated, said: Translations, brand: Brand, rows: Rows) -> None:
    """In the languages that are shown; words in one that the brand left wait until it comes back to it."""
    shown = {*further_languages(brand), brand.language}
    unseen = {tag: words for tag, words in row.translations.items() if tag not in shown}
    rows.change(row, {"translations": {**unseen, **said}})


def _keys(rows: Iterable[SizeFacts | GroupFacts], kept: set[str]) -> list[str]:
    """Of each row: its own where it has one, else one made from its name."""
    wanted = list(rows)
    taken = {row.key for row in wanted if row.key in kept} | {SIZE_KEY}
    keys: list[str] = []
    for row in wanted:
        is_own = row.key in kept and row.key not in keys  # a row may be sent twice
        key = row.key if is_own else _free_key(row.name, taken | kept, "one")
        taken.add(key)
        keys.append(key)
    return keys


def _free_key(name: str, taken: set[str], otherwise: str) -> str:
    return slugs.free(slugs.stem(name, otherwise=otherwise, length=KEY_LENGTH_MAX), taken)


def _price_said(price: Price, currency: str) -> str:
    if price.most is not None:
        most = money.number(price.most, currency)
        return f"{money.number(price.amount, currency)} to {most} {currency}"
    said = f"{price.name} {money.number(price.amount, currency)} {currency}"
    if price.later_amount is None:
        return said
    return f"{said}, {money.number(price.later_amount, currency)} from {price.later_from}"
