"""What an owner says of a treat: its words, its sizes with prices, what is chosen."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from giftshop.catalog.models import Treat

LATER = ("later_amount", "later_from")
COLUMNS = ("name", "description", "category", "art")


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

    def columns(self) -> dict[str, Any]:
        """Those of the price's row, but its key and place."""
        return {name: getattr(self, name) for name in ("name", "amount", *LATER)}


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


@dataclass(frozen=True, kw_only=True)
class TreatFacts:
    """What an owner says of a treat. Texts as in the model."""

    name: str
    description: str = ""
    category: str = ""
    art: str = ""
    sizes: tuple[SizeFacts, ...]
    groups: tuple[GroupFacts, ...] = ()

    @classmethod
    def of(cls, treat: Treat) -> "TreatFacts":
        """As they are kept."""
        return cls(
            **{name: getattr(treat, name) for name in COLUMNS},
            sizes=tuple(
                SizeFacts(
                    name=price.name,
                    amount=price.amount,
                    key=price.key,
                    later_amount=price.later_amount,
                    later_from=price.later_from,
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
