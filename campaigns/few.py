"""Groups that are too small to be told: of fewer than five nobody's acts are shown as a number."""

from collections.abc import Mapping
from typing import TypeVar

FEW = 5

K = TypeVar("K")


def is_few(count: int) -> bool:
    """None at all is no group."""
    return 0 < count < FEW


def hidden(counts: Mapping[K, int]) -> set[K]:
    """Which parts of a told whole are not told: those of few and, where that is one alone, the smallest of
    the others, or what is left of the whole would tell it."""
    few = {key for key, count in counts.items() if is_few(count)}
    others = [key for key, count in counts.items() if count >= FEW]
    if len(few) == 1 and others:
        few.add(min(others, key=lambda key: counts[key]))
    return few
