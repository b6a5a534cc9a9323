"""The double's one world: its options, objects, clock, troubles and outgoing webhooks, behind one lock."""

from __future__ import annotations

import contextlib
import contextvars
import heapq
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sandbox.stripe_double.state.faults import Faults
from sandbox.stripe_double.state.options import Options
from sandbox.stripe_double.state.store import Obj, Store
from sandbox.stripe_double.state.webhooks import Webhooks

ACCOUNT_ID = "acct_1Double0Sandbox00"


@dataclass(frozen=True)
class Request:
    """The API request under way, which events tell about."""

    id: str | None = None
    idempotency_key: str | None = None


REQUEST: contextvars.ContextVar[Request] = contextvars.ContextVar("request", default=Request())  # noqa: B039


@dataclass
class World:
    options: Options
    store: Store
    webhooks: Webhooks
    faults: Faults = field(default_factory=Faults)
    lock: threading.RLock = field(default_factory=threading.RLock)
    url: str = ""
    offset: float = 0.0  # how far the clock was moved
    acts: dict[str, Callable[[World, Obj], None]] = field(default_factory=dict)
    _due: list[tuple[float, str, str]] = field(default_factory=list)
    _depth: int = 0  # of changes inside changes

    def now(self) -> int:
        """Unix seconds by the double's clock."""
        return int(self.time())

    def time(self) -> float:
        started = self.options.now
        return (time.time() if started is None else started) + self.offset

    @contextlib.contextmanager
    def change(self) -> Iterator[None]:
        """Hold the world still. At the end what changed is durable, then events leave."""
        with self.lock:
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
                if not self._depth:
                    self.store.flush()
                    self.webhooks.dispatch()

    @contextlib.contextmanager
    def act(self) -> Iterator[None]:
        """A change from outside the API, after whatever the clock has reached."""
        self.do_what_is_due()
        with self.change():
            yield

    def make(self, kind: str, prefix: str, **fields: Any) -> Obj:
        return self.store.make(kind, prefix, self.now(), **fields)

    def save(self, obj: Obj, **fields: Any) -> Obj:
        obj.update(fields)
        return self.store.save(obj)

    def later(self, obj: Obj, act: str, at: float) -> None:
        """Do a named act to an object once the clock says so, restarts or not."""
        self.save(obj, _due={**obj.get("_due", {}), act: at})
        heapq.heappush(self._due, (at, act, f"{obj['object']} {obj['id']}"))

    def do_what_is_due(self) -> None:
        """Sessions expire, money arrives: whatever the clock has reached."""
        with self.lock:
            if not self._due or self._due[0][0] > self.time():
                return
        with self.change():
            while self._due and self._due[0][0] <= self.time():
                at, act, name = heapq.heappop(self._due)
                kind, object_id = name.split()
                obj = self.store.find(kind, object_id)
                if obj and obj.get("_due", {}).get(act) == at:
                    del obj["_due"][act]
                    self.store.save(obj)
                    self.acts[act](self, obj)

    def advance(self, seconds: float) -> None:
        with self.change():
            self.offset += seconds
            self._keep_clock()
        self.do_what_is_due()

    def remember(self) -> None:
        """Take up what a state file brought: the clock, what is due, and undelivered events."""
        with self.change():
            clock = self.store.find("_clock", "_clock")
            self.offset = clock["offset"] if clock else 0.0
            for kind in ("checkout.session", "charge", "refund", "dispute"):
                for obj in self.store.newest(kind):
                    for act, at in obj.get("_due", {}).items():
                        heapq.heappush(self._due, (at, act, f"{kind} {obj['id']}"))
            unsent = [event for event in self.store.newest("event") if event.get("_unsent")]
            for event in reversed(unsent):
                for endpoint_id in event["_unsent"]:
                    self.webhooks.send(event, endpoint_id)

    def forget_everything(self) -> None:
        with self.change():
            self.webhooks.clear()
            self.store.clear()
            self._due.clear()
            self.faults.reset()
            self.offset = 0.0

    def _keep_clock(self) -> None:
        self.store.save({"id": "_clock", "object": "_clock", "offset": self.offset})
