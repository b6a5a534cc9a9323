"""The stat tiles: one headline number each, with what it is compared to."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from campaigns.dashboard.comparison import Comparison
from campaigns.dashboard.figures import FIGURES, Figure, Figures, total
from campaigns.dashboard.number_formats import number, share
from campaigns.dashboard.period import DAYS_DRAWN_MAX, DAYS_MAX
from core.bidi import left_to_right
from core.templatetags.money import money

SPARK_WIDTH, SPARK_HEIGHT = 100, 28
SPARK_POINTS_MIN = 3
ENOUGH_TO_COMPARE = 5


@dataclass(frozen=True)
class Tile:
    label: str
    value: str
    compare: str
    trend: str = ""
    points: str = ""
    href: str = ""
    unknown: bool = False


def tiles(
    *,
    now: Figures,
    compared: Comparison | None,
    days: Sequence[Figures],
    currency: str,
    addresses: dict[str, str],
) -> list[Tile]:
    """`compared` None: nothing to compare with. `days`: those that are over. `addresses` leads from each
    figure that is shown to the facts behind it."""
    return [
        _tile(
            FIGURES[name],
            now=now,
            compared=compared,
            days=days,
            currency=currency,
            href=href,
        )
        for name, href in addresses.items()
    ]


def told(figure: Figure, figures: Figures, *, currency: str) -> str:
    """The figure's value as the reader writes it."""
    value = getattr(figures, figure.name)
    return money(value, currency) if figure.is_money else number(value)


def spans(days: Sequence[Figures]) -> Sequence[Figures]:
    """The days as a small line draws them: one by one, or of many the sums of whole weeks up to the last, of
    more than a year of each thirty days."""
    if len(days) <= DAYS_DRAWN_MAX:
        return days
    size = 7 if len(days) <= DAYS_MAX else 30
    return [total(list(days[at : at + size])) for at in range(len(days) % size, len(days), size)]


def spark(values: Sequence[int]) -> str:
    """Points of a line in a box of 100 x 28, y down; empty when there is nothing to draw."""
    if len(values) < SPARK_POINTS_MIN or max(values) <= 0:
        return ""
    step, top = SPARK_WIDTH / (len(values) - 1), max(values)
    return " ".join(
        f"{number_ * step:.1f},{SPARK_HEIGHT - max(value, 0) / top * (SPARK_HEIGHT - 3):.1f}"
        for number_, value in enumerate(values)
    )


def coverage(figures: Figures, *, currency: str) -> str:
    """Of how many redemptions it is known what else was bought, and how much that was on average."""
    return _("told by the till in %(told)s of %(redeemed)s, %(mean)s on average") % {
        "told": number(figures.baskets),
        "redeemed": number(figures.redeemed),
        "mean": money(round(figures.spend_over / figures.baskets), currency),
    }


def _tile(
    figure: Figure,
    *,
    now: Figures,
    compared: Comparison | None,
    days: Sequence[Figures],
    currency: str,
    href: str,
) -> Tile:
    label = str(figure.label)
    if figure.name == "spend_over" and not now.spend_is_known:
        return Tile(label, "", _("No till has told what else was bought."), href=href, unknown=True)
    compare, trend = _compared(figure, compared)
    if figure.name == "spend_over":  # two sums of which different parts are known tell nothing
        compare, trend = coverage(now, currency=currency), ""
    return Tile(
        label=label,
        value=told(figure, now, currency=currency),
        compare=compare,
        trend=trend,
        points=spark([getattr(day, figure.name) for day in days]),
        href=href,
    )


def _compared(figure: Figure, compared: Comparison | None) -> tuple[str, str]:
    """In words, and whether it points up or down. A share of very little is not told."""
    if compared is None:
        return _("nothing earlier to compare with"), ""
    now, before = getattr(compared.now, figure.name), getattr(compared.before, figure.name)
    span = compared.span
    if before == now:
        return _("as in %(span)s") % {"span": span}, ""
    trend = "up" if now > before else "down"
    if before <= 0 or getattr(compared.before, figure.count or figure.name) < ENOUGH_TO_COMPARE:
        words = _("more than in %(span)s") if now > before else _("less than in %(span)s")
        return words % {"span": span}, trend
    change = left_to_right(share((now - before) / before, signed=True))
    return _("%(change)s on %(span)s") % {"change": change, "span": span}, trend
