"""What an owner says of a treat: its words, its sizes with prices, what is chosen."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from brands.translations import Translated, Translations
from giftshop.catalog.models import Price, Treat
from giftshop.catalog.translations import further_languages

LATER = ("later_amount", "later_from")
DAYS = ("on_sale_from", "on_sale_until")
COLUMNS = ("name", "description", "category", "art", *DAYS)


@dataclass(frozen=True, kw_only=True)
class SizeFacts:
    name: str
    amount: int
    """Minor units of the brand's currency."""
    key: str = ""
    """Of a size that is there already; empty for a new one."""
    later_amount: int | None = None
    later_from: date | None = None
    """From which day of the brand's the later amount holds; both or none."""
    most: int | None = None
    """Of a free amount, of which `amount` is the least; such a size has no name."""
    suggested: tuple[int, ...] = ()
    translations: Translations = field(default_factory=dict)

    def columns(self) -> dict[str, Any]:
        """Those of the price's row, but its key and place."""
        said = {name: getattr(self, name) for name in ("name", "amount", "most", *LATER)}
        return {**said, "suggested": list(self.suggested)}


@dataclass(frozen=True, kw_only=True)
class GroupFacts:
    """Something the recipient picks."""

    name: str
    min_picks: int
    max_picks: int
    options: tuple[tuple[str, int], ...]
    """Label and what it costs extra at the till, in minor units."""
    key: str = ""
    """Of a group that is there already; empty for a new one."""
    translations: Translations = field(default_factory=dict)
    option_translations: tuple[Translations, ...] = ()
    """Of each option, or none at all."""


@dataclass(frozen=True, kw_only=True)
class TreatFacts:
    """What an owner says of a treat. Texts as in the model."""

    name: str
    description: str = ""
    category: str = ""
    art: str = ""
    on_sale_from: date | None = None
    on_sale_until: date | None = None
    """The first and the last of its days, by the brand's calendar; None: no such day."""
    sizes: tuple[SizeFacts, ...]
    groups: tuple[GroupFacts, ...] = ()
    translations: Translations = field(default_factory=dict)
    """Here as with sizes, groups and options: in the further languages of the brand."""

    @classmethod
    def of(cls, treat: Treat, day: date) -> "TreatFacts":
        """As they are kept, in the languages that the brand is read in; a later price that holds by that day
        of the brand's is the price. Expects `brand` to be loaded."""
        shown = further_languages(treat.brand)

        def said(row: Translated) -> Translations:
            return {tag: words for tag, words in row.translations.items() if tag in shown}

        return cls(
            **{name: getattr(treat, name) for name in COLUMNS},
            translations=said(treat),
            sizes=tuple(
                SizeFacts(
                    name=price.name,
                    amount=price.on(day),
                    key=price.key,
                    **_later(price, day),
                    most=price.most,
                    suggested=tuple(price.suggested),
                    translations=said(price),
                )
                for price in treat.prices.all()
            ),
            groups=tuple(
                GroupFacts(
                    name=group.name,
                    min_picks=group.min_picks,
                    max_picks=group.max_picks,
                    options=tuple((option.label, option.extra) for option in group.options.all()),
                    key=group.key,
                    translations=said(group),
                    option_translations=tuple(said(option) for option in group.options.all()),
                )
                for group in treat.option_groups.all()
            ),
        )

    def columns(self) -> dict[str, Any]:
        """Those of the treat's own row."""
        return {name: getattr(self, name) for name in COLUMNS}

    def said(self) -> dict[str, Any]:
        """All that an owner said, which the keys are not: what a version is made of."""
        said = asdict(self)
        for row in (*said["sizes"], *said["groups"]):
            del row["key"]
        return said


def _later(price: Price, day: date) -> dict[str, Any]:
    is_ahead = price.later_from is not None and price.later_from > day
    return {name: getattr(price, name) if is_ahead else None for name in LATER}


def in_languages(own: TreatFacts, further: Mapping[str, TreatFacts]) -> TreatFacts:
    """A treat's facts with the words of the same treat in other languages beside them."""

    def beside(field: str, at: Callable[[TreatFacts], str]) -> Translations:
        return {tag: {field: at(facts)} for tag, facts in further.items()}

    def size(n: int) -> SizeFacts:
        words = beside("name", lambda facts: facts.sizes[n].name)
        return replace(own.sizes[n], translations=words)

    def option(n: int, m: int) -> Translations:
        return beside("label", lambda facts: facts.groups[n].options[m][0])

    def group(n: int) -> GroupFacts:
        words = beside("name", lambda facts: facts.groups[n].name)
        options = tuple(option(n, m) for m in range(len(own.groups[n].options)))
        return replace(own.groups[n], translations=words, option_translations=options)

    return replace(
        own,
        translations={
            tag: {"name": facts.name, "description": facts.description}
            for tag, facts in further.items()
        },
        sizes=tuple(size(n) for n in range(len(own.sizes))),
        groups=tuple(group(n) for n in range(len(own.groups))),
    )
