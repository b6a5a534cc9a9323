"""Whether two acts can be told apart by how long they take (Mann and Whitney's U, by hand)."""

import math
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

Act = Callable[[], object]


@dataclass(frozen=True)
class Difference:
    median_ms: float
    """How much longer the second takes."""
    z: float
    """How many standard deviations the ranks are apart; beyond 3.29 by chance once in a thousand."""

    @property
    def p(self) -> float:
        return math.erfc(abs(self.z) / math.sqrt(2))


def compare(one: Act, two: Act, *, samples: int) -> Difference:
    """Both in turns, changing who goes first, so that whatever else the machine does meets both."""
    first, second = [], []
    for number in range(samples):
        if number % 2:
            first.append(_seconds(one))
            second.append(_seconds(two))
        else:
            second.append(_seconds(two))
            first.append(_seconds(one))
    apart = statistics.median(second) - statistics.median(first)
    return Difference(apart * 1000, _z(first, second))


def _seconds(act: Act) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def _z(first: list[float], second: list[float]) -> float:
    """U of the second sample as a normal deviate; times have next to no ties."""
    n, m = len(first), len(second)
    ranked = sorted([(value, 0) for value in first] + [(value, 1) for value in second])
    ranks = sum(rank for rank, (_value, is_second) in enumerate(ranked, start=1) if is_second)
    u = ranks - m * (m + 1) / 2
    return (u - n * m / 2) / math.sqrt(n * m * (n + m + 1) / 12)
