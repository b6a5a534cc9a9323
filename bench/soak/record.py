"""What happened: every request, what a fault excuses, and what people were promised."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

SLACK_SECONDS = 2.0
"""A window stays open that much longer than the recovery took: others may meet it a moment later."""


@dataclass
class Window:
    """A fault's time, in which requests may fail: until its recovery, or what that is allowed."""

    opened: float
    closed: float
    """No later than this, even if nothing has come back by then."""


@dataclass(frozen=True)
class Gift:
    """Paid at Stripe: somebody waits for a mail."""

    address: str
    brand: str


@dataclass
class Record:
    """Shared by all threads."""

    requests: int = 0
    excused: int = 0
    errors: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    did: Counter[str] = field(default_factory=Counter)
    gifts: list[Gift] = field(default_factory=list)
    acknowledged: dict[str, tuple[str, dict[str, object], bytes]] = field(default_factory=dict)
    """Redemptions by key: the till's token, what it asked, and the bytes of its 201."""
    failures: list[str] = field(default_factory=list)
    """What makes the run fail, in words."""
    windows: list[Window] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, began: float, what: str, trouble: str = "") -> None:
        """One request to the product, its trouble if it was not answered as it should be."""
        now = time.monotonic()
        with self.lock:
            self.requests += 1
            excused = self._is_excused(began, now)
            if trouble and excused:
                self.excused += 1
            elif trouble:
                self.errors.append(f"{what}: {trouble}")
            elif not excused:
                self.seconds.append(now - began)

    def tell(self, failure: str) -> None:
        """Something that makes the run fail."""
        with self.lock:
            self.failures.append(failure)

    def count(self, what: str) -> None:
        """One more thing that people did."""
        with self.lock:
            self.did[what] += 1

    @contextmanager
    def window(self, seconds: float) -> Iterator[None]:
        """For the block, and no longer than that, requests may fail."""
        window = Window(time.monotonic(), time.monotonic() + seconds)
        with self.lock:
            self.windows.append(window)
        try:
            yield
        finally:
            window.closed = min(window.closed, time.monotonic() + SLACK_SECONDS)

    def _is_excused(self, began: float, ended: float) -> bool:
        return any(began <= w.closed and ended >= w.opened for w in self.windows)

    @property
    def p99(self) -> float:
        """Seconds, of the requests that met no fault."""
        with self.lock:
            ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)] if ordered else 0.0
