"""Switches for trouble."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from sandbox.stripe_double.errors import bad_parameter

REFUND_OUTCOMES = ("succeeded", "pending", "failed", "pending_for_funds", "refused_for_funds")
"""The last two: the balance does not cover it. Stripe lets it wait, or refuses to make it."""


@dataclass
class Switches:
    """What goes wrong. Counts are "the next N" and go down as they are used up; seconds are real ones."""

    api_500: int = 0
    api_429: int = 0
    api_hang: int = 0
    api_drop: int = 0  # the connection closes without an answer
    hang_seconds: float = 30.0
    after_effect: bool = False  # 500, hang and drop strike after the request was carried out
    only_method: str = ""  # "POST": trouble for these requests only
    only_path: str = ""  # "/v1/refunds": requests whose path begins so
    webhook_delay: float = 0.0
    webhook_duplicate: int = 0
    webhook_drop: int = 0  # never sent at all
    webhook_reorder: bool = False  # what happens together arrives the wrong way round
    settle_delay: float = 0.0  # until a charge's balance transaction arrives, by the double's clock
    refunds: str = "succeeded"


@dataclass
class Faults:
    switches: Switches = field(default_factory=Switches)
    _calm: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def reset(self) -> None:
        """All well again, also for what hangs."""
        with self._lock:
            self.switches = Switches()
        self.release()

    def hang(self) -> None:
        """Wait as long as the switches say, or until released."""
        self._calm.wait(self.switches.hang_seconds)

    def release(self) -> None:
        """End all hanging."""
        calm, self._calm = self._calm, threading.Event()
        calm.set()

    def set(self, changes: Mapping[str, Any]) -> None:
        """Change some switches; the others stay as they are. Values may be strings, as a form sends them."""
        kinds = {each.name: type(each.default) for each in fields(Switches)}
        read: dict[str, Any] = {}
        for name, value in changes.items():
            if name not in kinds:
                raise bad_parameter(f"No such switch: {name}", name)
            try:
                read[name] = _as(kinds[name], value)
            except (TypeError, ValueError):
                raise bad_parameter(f"Not a {kinds[name].__name__}: {value}", name) from None
        if read.get("refunds", "succeeded") not in REFUND_OUTCOMES:
            raise bad_parameter(f"refunds is one of {', '.join(REFUND_OUTCOMES)}", "refunds")
        with self._lock:
            for name, value in read.items():
                setattr(self.switches, name, value)

    def shown(self) -> dict[str, Any]:
        with self._lock:
            return asdict(self.switches)

    def take(self, name: str) -> bool:
        """Whether this one is struck; uses up one of the count."""
        with self._lock:
            left = getattr(self.switches, name)
            if left > 0:
                setattr(self.switches, name, left - 1)
            return bool(left > 0)

    def strike(self, method: str, path: str) -> str | None:
        """The trouble that this API request meets, if any: api_429, api_500, api_hang or api_drop."""
        if not self.concerns(method, path):
            return None
        names = ("api_429", "api_500", "api_hang", "api_drop")
        return next((name for name in names if self.take(name)), None)

    def concerns(self, method: str, path: str) -> bool:
        switches = self.switches
        return path.startswith(switches.only_path) and switches.only_method.upper() in ("", method)


def _as(kind: type, value: Any) -> Any:
    if kind is bool:
        return str(value).lower() in ("1", "true", "on", "yes")
    return kind(value)
