"""Everybody's day: work while the shops are open, wait while they are closed."""

import random
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field

from bench.soak.client import GaveUp
from bench.soak.record import Record

CLOSING_SECONDS = 90.0


@dataclass
class Hours:
    """When the shops are open, for all people at once."""

    opened: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)


class Person(threading.Thread):
    """Takes turns at what people of this kind do, thinking in between."""

    def __init__(
        self, turn: Callable[[], None], hours: Hours, record: Record, *, think: float
    ) -> None:
        """`think`: seconds between two turns, about."""
        super().__init__(daemon=True)
        self.turn, self.hours, self.record, self.think = turn, hours, record, think
        self.idle = threading.Event()

    def run(self) -> None:
        while not self.hours.over.is_set():
            if not self.hours.opened.is_set():
                self.idle.set()
                self.hours.opened.wait(0.2)
                continue
            self.idle.clear()
            try:
                self.turn()
            except GaveUp as error:
                self.record.tell(f"{self.name}: {error}")
            except Exception:
                self.record.tell(f"{self.name}: {traceback.format_exc()}")
            self._rest(self.think * random.uniform(0.5, 1.5))

    def _rest(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while self.hours.opened.is_set() and time.monotonic() < deadline:
            time.sleep(0.05)


def close(hours: Hours, people: list[Person]) -> None:
    """Close the shops and wait until everybody is done with what they were at."""
    hours.opened.clear()
    deadline = time.monotonic() + CLOSING_SECONDS
    for person in people:
        person.idle.wait(max(0.0, deadline - time.monotonic()))
