"""Belief beside answers: how often each of the twelve was named, its rank and its share, with what chance may
do to it. Pure functions of what was counted."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from campaigns.reasons.study import STUDY, Found
from giftshop.reasons.models import Reason

FEW = 5
"""Fewer answers than so many would show what single people said."""
Z = 1.959964
"""Of the normal distribution, for 95 %."""


@dataclass(frozen=True)
class Tally:
    """Of `n` answers: how many name each reason at all, and how strongly: three points for a first, one for a
    third."""

    n: int
    named: Mapping[Reason, int]
    points: Mapping[Reason, int]


@dataclass(frozen=True)
class Place:
    """Of one reason, on one side. `rank` from 1; equal ones share it."""

    rank: int
    count: int
    n: int

    @property
    def share(self) -> float:
        return self.count / self.n

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.count, self.n)


@dataclass(frozen=True)
class Row:
    """`belief` or `answers`: None where nobody has said anything, or too few."""

    reason: Reason
    belief: Place | None
    answers: Place | None
    study: Found

    @property
    def places_higher(self) -> int | None:
        """How many places higher the team has it than those who come. None where one of them never named it:
        it has no place there."""
        if not (self.answers and self.belief and self.answers.count and self.belief.count):
            return None
        return self.answers.rank - self.belief.rank

    @property
    def points_more(self) -> int | None:
        """By how many percentage points more of the team name it."""
        if self.answers is None or self.belief is None:
            return None
        return round(100 * (self.belief.share - self.answers.share))


def tally(said: Iterable[tuple[Sequence[str], int]]) -> Tally:
    """`said`: three reasons, the strongest first, and how many answered just that."""
    n, named, points = 0, Counter[Reason](), Counter[Reason]()
    for ranks, many in said:
        n += many
        for reason, weight in zip(map(Reason, ranks), (3, 2, 1), strict=True):
            named[reason] += many
            points[reason] += weight * many
    return Tally(n, named, points)


def places(of: Tally) -> dict[Reason, Place]:
    """By how many name it, then by its points. Empty of no answer."""
    if not of.n:
        return {}
    strength = {each: (of.named.get(each, 0), of.points.get(each, 0)) for each in Reason}
    return {
        each: Place(1 + sum(other > own for other in strength.values()), own[0], of.n)
        for each, own in strength.items()
    }


def rows(belief: Tally, answers: Tally) -> list[Row]:
    """All twelve, those first that most who come name, then that the team names."""
    believed, said = places(belief), places(answers)
    found = [Row(each, believed.get(each), said.get(each), STUDY[each]) for each in Reason]
    return sorted(
        found,
        key=lambda row: (
            row.answers.rank if row.answers else 0,
            row.belief.rank if row.belief else 0,
        ),
    )


def wilson(count: int, n: int) -> tuple[float, float]:
    """Between which shares the true one lies, in 95 of 100 such samples (E. B. Wilson, 1927)."""
    part, square = count / n, Z * Z
    middle = (part + square / (2 * n)) / (1 + square / n)
    half = Z * sqrt(part * (1 - part) / n + square / (4 * n * n)) / (1 + square / n)
    return max(0.0, middle - half), min(1.0, middle + half)
