"""A bar that moves where somebody is watching, and says nothing into a file."""

import time
from typing import Any

WIDTH = 24
EVERY_SECONDS = 0.1


class Bar:
    """`stream`: a command's stderr. `noun`: what is counted."""

    def __init__(self, stream: Any, noun: str) -> None:
        self.stream = stream
        self.noun = noun
        self.watched = bool(stream.isatty())
        self.shown_at = 0.0

    def show(self, done: int, total: int, now_at: str = "") -> None:
        """Not more often than the eye can follow, but always the end."""
        moment = time.monotonic()
        if not self.watched or (done < total and moment - self.shown_at < EVERY_SECONDS):
            return
        self.shown_at = moment
        bar = "█" * (WIDTH * done // max(total, 1))
        line = f"\r{bar:·<{WIDTH}} {done:,} of {total:,} {self.noun} {now_at}"
        self.stream.write(f"{line:<100}", ending="\n" if done >= total else "")
        self.stream.flush()
