"""Groups that are too small to be told: of fewer than five nobody's acts are shown as a number."""

from collections.abc import Mapping
from typing import TypeVar

FEW = 5

K = TypeVar("K")


def is_few(count: int) -> bool:
    """None at all is no group."""
    return 0 < count < FEW


def hidden(counts: Mapping[K, int]) -> set[K]:
    """Which parts of a told whole are not told: those of few and, while all of these together are few, the
    smallest of the others: what is left of the whole tells how many they are."""
    few = {key for key, count in counts.items() if is_few(count)}
    others = sorted((key for key in counts if counts[key] >= FEW), key=lambda key: counts[key])
    for smallest in others:
        if is_few(sum(counts[key] for key in few)):
            few.add(smallest)
    return few
