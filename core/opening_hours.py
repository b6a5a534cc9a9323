"""A day's opening hours as a store keeps them: 08:00-18:00, past midnight 18:00-02:00."""

from datetime import time


def read(text: str) -> tuple[time, time] | None:
    """ "18:00-02:00" as two times; None for a closed day, or for what nobody can read."""
    opens, dash, closes = text.partition("-")
    if not dash:
        return None
    try:
        return time.fromisoformat(opens.strip()), time.fromisoformat(closes.strip())
    except ValueError:
        return None


def write(opens: time, closes: time) -> str:
    return f"{opens:%H:%M}-{closes:%H:%M}"
