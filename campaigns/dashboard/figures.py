"""What is counted, by name: each figure is one counter of the rollups and the facts behind it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaigns.facts.counters import NAMES, Counters
from campaigns.models import Fact

VISITS_TO_TELL = 10
AT_THE_COUNTER = (Fact.Topic.CODE_REDEEMED, Fact.Topic.REDEMPTION_REVERSED)


@dataclass(frozen=True)
class Figures(Counters):
    """Sums of one row, or of many, and what follows from them."""

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Figures":
        """Of a row of values() that names the counters."""
        return cls(**{name: int(row[name] or 0) for name in NAMES})

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(*(getattr(self, name) + getattr(other, name) for name in NAMES))

    def __sub__(self, other: "Figures") -> "Figures":
        return Figures(*(getattr(self, name) - getattr(other, name) for name in NAMES))

    @property
    def nothing_happened(self) -> bool:
        return self == Figures()

    @property
    def follows(self) -> int:
        """How often links were followed, by visits and again during them."""
        return self.visits + self.repeats

    @property
    def spend_is_known(self) -> bool:
        """Some till told what was spent beyond a gift."""
        return self.baskets > 0

    @property
    def orders_per_visit(self) -> float | None:
        """None where it would say nothing: visits are few, or orders go back to visits of other days."""
        told = self.visits >= VISITS_TO_TELL and self.orders <= self.visits
        return self.orders / self.visits if told else None


def total(rows: "list[Figures]") -> Figures:
    return sum(rows, Figures())


@dataclass(frozen=True)
class Figure:
    """One tile: `name` is the counter, `column` the fact's column that adds up to it (None: visits,
    which are counted one by one)."""

    name: str
    label: str | Promise
    explained: str | Promise
    topics: tuple[str, ...]
    column: str | None
    is_money: bool = False
    count: str = ""
    """Of money: the counter of the gifts whose money it is."""

    @property
    def is_by_store(self) -> bool:
        """Of what happens at a counter. Sales and visits happen at no store."""
        return self.topics == AT_THE_COUNTER


FIGURES = {
    figure.name: figure
    for figure in (
        Figure(
            "gifts_sold",
            _("Gifts sold"),
            _("Every gift in an order that was paid."),
            (Fact.Topic.ORDER_PAID,),
            "quantity",
        ),
        Figure(
            "revenue",
            _("Revenue from gifts"),
            _("What senders paid, order by order."),
            (Fact.Topic.ORDER_PAID,),
            "amount",
            is_money=True,
            count="gifts_sold",
        ),
        Figure(
            "redeemed",
            _("Redeemed in a store"),
            _("Gifts handed over at a counter, less those undone there."),
            AT_THE_COUNTER,
            "quantity",
        ),
        Figure(
            "redeemed_amount",
            _("Worth of gifts redeemed"),
            _("What the gifts handed over were bought for."),
            AT_THE_COUNTER,
            "amount",
            is_money=True,
            count="redeemed",
        ),
        Figure(
            "visits",
            _("Visits through links"),
            _(
                "Each time a person came by one of your links. Following it again within half an hour "
                "is the same visit. Robots, and people who ask not to be tracked, are left out."
            ),
            (),
            None,
        ),
        Figure(
            "spend_over",
            _("Spend over the gift"),
            _("What friends spent in the same visit beyond the gift, as your tills told it."),
            AT_THE_COUNTER,
            "spend_over",
            is_money=True,
            count="baskets",
        ),
    )
}
