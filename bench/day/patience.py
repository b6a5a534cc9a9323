"""How long whatever is slower than its rate is waited for before it counts as late."""

import os

PATIENCE = float(os.environ.get("PATIENCE", "0"))
"""Seconds that both waits below take at least. Who only asks whether all is followed to the end, on a machine
that others use too, gives it minutes."""

LATE_SECONDS_MAX = max(30.0, PATIENCE)
"""For whoever asks, after the last was due."""


def left_seconds(seconds: float) -> float:
    """For what is left after a part: as long as the part, 15 seconds at least, a minute at most."""
    return max(PATIENCE, min(max(seconds, 15.0), 60.0))
