"""How a run's minutes are spent."""

from dataclasses import dataclass

WARM_SECONDS = 65.0
PAUSE_SECONDS = 45.0
"""Longer than idle threads and keep-alives live."""
LONG_PAUSE_SECONDS = 660.0
"""Longer than idle connections of the pool and of the broker live."""
SHORTEST_WORK_SECONDS = 45.0


@dataclass(frozen=True)
class Schedule:
    """Seconds of each part: warm up, rest, work with all the faults, [long rest, work], rest."""

    warm: float
    pause: float
    work: float
    long_pause: float
    more_work: float
    last: float


def of(minutes: float) -> Schedule:
    """Twenty minutes have a long pause, four have not."""
    has_long = minutes * 60 >= WARM_SECONDS + 2 * PAUSE_SECONDS + LONG_PAUSE_SECONDS + 120
    long_pause = LONG_PAUSE_SECONDS if has_long else 0.0
    work = max(SHORTEST_WORK_SECONDS, minutes * 60 - WARM_SECONDS - 2 * PAUSE_SECONDS - long_pause)
    more = work / 3 if has_long else 0.0
    return Schedule(WARM_SECONDS, PAUSE_SECONDS, work - more, long_pause, more, PAUSE_SECONDS)
