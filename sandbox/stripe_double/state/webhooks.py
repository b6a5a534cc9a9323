"""Events on their way to the shop: signed as Stripe signs them, retried with growing patience."""

from __future__ import annotations

import collections
import hashlib
import heapq
import hmac
import http.client
import json
import threading
import time
import urllib.parse
from collections.abc import Callable
from typing import Any, NamedTuple

from sandbox.stripe_double.state.faults import Faults
from sandbox.stripe_double.state.options import Options
from sandbox.stripe_double.state.store import Obj

LONGEST_WAIT = 60.0
LOG_LENGTH = 2000


def signature(body: bytes, secret: str, timestamp: int) -> str:
    """The value of the Stripe-Signature header."""
    digest = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256)
    return f"t={timestamp},v1={digest.hexdigest()}"


class Target(NamedTuple):
    """Where a delivery goes, and what signs it."""

    url: str
    secret: str


class Webhooks:
    """A queue by time with its own threads. ``delivered`` is called with the event and the id of the endpoint
    that it got through to; ``target`` says where that is, or None if it is to be told no more."""

    def __init__(self, options: Options, faults: Faults) -> None:
        self.options = options
        self.faults = faults
        self.delivered: Callable[[Obj, str], None] = lambda event, endpoint_id: None
        self.dropped: Callable[[Obj, str], None] = lambda event, endpoint_id: None
        self.target: Callable[[str], Target | None] = lambda endpoint_id: None
        self.shown: Callable[[Obj], Obj] = dict
        self.log: collections.deque[dict[str, Any]] = collections.deque(maxlen=LOG_LENGTH)
        self._waiting: list[tuple[Obj, str]] = []  # guarded by the world's lock
        # due, order, attempt, event, endpoint
        self._queue: list[tuple[float, int, int, Obj, str]] = []
        self._count = 0
        self._under_way = 0
        self._wake = threading.Condition()
        self._closed = False
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        for number in range(self.options.webhook_workers):
            thread = threading.Thread(target=self._work, name=f"webhooks-{number}", daemon=True)
            thread.start()
            self._threads.append(thread)

    def close(self) -> None:
        with self._wake:
            self._closed = True
            self._wake.notify_all()
        for thread in self._threads:
            thread.join(timeout=2)

    def clear(self) -> None:
        with self._wake:
            self._waiting.clear()
            self._queue.clear()
            self.log.clear()

    def send(self, event: Obj, endpoint_id: str) -> None:
        """Take an event along; it leaves with ``dispatch``, once what it tells of is durable."""
        self._waiting.append((event, endpoint_id))

    def dispatch(self) -> None:
        """Queue what waits, with whatever trouble the switches have for it."""
        waiting, self._waiting = self._waiting, []
        if self.faults.switches.webhook_reorder:
            waiting.reverse()
        for event, endpoint_id in waiting:
            if self.faults.take("webhook_drop"):
                self._note(event, 0, "dropped")
                self.dropped(event, endpoint_id)
                continue
            copies = 2 if self.faults.take("webhook_duplicate") else 1
            for _ in range(copies):
                self._put(event, endpoint_id)

    def idle(self) -> bool:
        """Whether nothing waits to be sent or is being sent."""
        with self._wake:
            return not self._waiting and not self._queue and not self._under_way

    def _put(self, event: Obj, endpoint_id: str) -> None:
        due = time.monotonic() + self.faults.switches.webhook_delay
        with self._wake:
            self._count += 1
            heapq.heappush(self._queue, (due, self._count, 0, event, endpoint_id))
            self._wake.notify()

    def _work(self) -> None:
        while True:
            with self._wake:
                while not self._closed and not self._is_due():
                    wait = self._queue[0][0] - time.monotonic() if self._queue else None
                    self._wake.wait(wait)
                if self._closed:
                    return
                _, order, attempt, event, endpoint_id = heapq.heappop(self._queue)
                self._under_way += 1
            try:
                self._attempt(event, endpoint_id, attempt, order)
            finally:
                with self._wake:
                    self._under_way -= 1

    def _is_due(self) -> bool:
        return bool(self._queue) and self._queue[0][0] <= time.monotonic()

    def _attempt(self, event: Obj, endpoint_id: str, attempt: int, order: int) -> None:
        target = self.target(endpoint_id)
        if target is None:
            self._note(event, attempt, "endpoint gone or disabled")
            return
        outcome = self._post(event, target)
        self._note(event, attempt, outcome)
        if outcome == "ok":
            self.delivered(event, endpoint_id)
        elif attempt + 1 < self.options.webhook_attempts:
            wait = min(self.options.webhook_retry * 2**attempt, LONGEST_WAIT)
            with self._wake:
                again = (time.monotonic() + wait, order, attempt + 1, event, endpoint_id)
                heapq.heappush(self._queue, again)
                self._wake.notify()

    def _post(self, event: Obj, target: Target) -> str:
        """ "ok", or what went wrong. Redirects are not followed: to Stripe they are failures."""
        url = urllib.parse.urlsplit(target.url)
        body = json.dumps(self.shown(event), indent=2).encode()
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
            "Accept": "*/*; q=0.5, application/json",
            "Stripe-Signature": signature(body, target.secret, int(time.time())),
        }
        kind = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
        connection = kind(url.hostname or "", url.port, timeout=self.options.webhook_timeout)
        path = url.path + (f"?{url.query}" if url.query else "")
        try:
            connection.request("POST", path or "/", body, headers)
            answer = connection.getresponse()
            answer.read()
            return "ok" if 200 <= answer.status < 300 else f"HTTP {answer.status}"
        except (OSError, http.client.HTTPException) as problem:
            return f"{type(problem).__name__}: {problem}"
        finally:
            connection.close()

    def _note(self, event: Obj, attempt: int, outcome: str) -> None:
        self.log.append(
            {
                "event": event["id"],
                "type": event["type"],
                "attempt": attempt + 1,
                "outcome": outcome,
                "at": time.time(),
            }
        )
