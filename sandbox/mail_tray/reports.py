"""What Mailgun tells of a mail afterwards: events to the webhook, signed, in their time, and again until
they are taken."""

from __future__ import annotations

import hashlib
import heapq
import hmac
import json
import secrets
import threading
import time
import urllib.error
import urllib.request
from email.message import EmailMessage
from typing import Any, NamedTuple

TRIES = 8
"""As Mailgun tries, but within minutes instead of hours."""
CALL_SECONDS = 10.0
NOT_AGAIN = 406
"""Mailgun's own rule: who answers this is not asked again."""

Event = dict[str, Any]

PERMANENT = {
    "event": "failed",
    "severity": "permanent",
    "reason": "bounce",
    "log-level": "error",
    "delivery-status": {
        "code": 550,
        "enhanced-code": "5.1.1",
        "message": "5.1.1 The email account that you tried to reach does not exist.",
        "description": "",
        "attempt-no": 1,
        "tls": True,
    },
}
TEMPORARY = {
    "event": "failed",
    "severity": "temporary",
    "reason": "generic",
    "log-level": "warn",
    "delivery-status": {
        "code": 452,
        "enhanced-code": "4.2.2",
        "message": "4.2.2 The recipient's mailbox is full.",
        "description": "",
        "attempt-no": 1,
        "retry-seconds": 600,
        "tls": True,
    },
}
DELIVERED = {
    "event": "delivered",
    "log-level": "info",
    "delivery-status": {
        "code": 250,
        "message": "OK",
        "description": "",
        "attempt-no": 1,
        "session-seconds": 0.4,
        "tls": True,
    },
}
COMPLAINED = {"event": "complained", "log-level": "warn"}

FATES: dict[str, list[tuple[float, Event]]] = {
    "bounce": [(1.0, PERMANENT)],
    "late-bounce": [(0.5, DELIVERED), (5.0, PERMANENT)],
    "full": [(1.0, TEMPORARY)],
    "complaint": [(0.5, DELIVERED), (3.0, COMPLAINED)],
}
"""Seconds after a mail was taken, and what is told of it then."""
GOOD: list[tuple[float, Event]] = [(0.5, DELIVERED)]


def mailbox_of(address: str) -> str:
    """bounce+ben@example.com -> bounce"""
    local = address.partition("@")[0].lower()
    return local.partition("+")[0]


class Due(NamedTuple):
    at: float
    order: int
    tries: int
    body: bytes


class Reports:
    """A queue by time with a thread of its own. Without a webhook nothing is told."""

    def __init__(self, *, url: str, signing_key: str) -> None:
        self.url = url
        self.signing_key = signing_key
        self.queue: list[Due] = []
        self.count = 0
        self.wake = threading.Condition()
        if url:
            threading.Thread(target=self._run, daemon=True).start()

    def follow(self, recipient: str, message: EmailMessage, variables: dict[str, str]) -> None:
        """Tell in time what becomes of a mail to this recipient, with what it was given along."""
        for seconds, event in FATES.get(mailbox_of(recipient), GOOD):
            self.tell(event_of(event, recipient, message, variables), after=seconds)

    def tell(self, event: Event, *, after: float = 0.0) -> None:
        """Tell one event, signed for the moment that it is first told."""
        at = time.time() + after
        signed = {
            "signature": signature(self.signing_key, at),
            "event-data": {**event, "timestamp": at},
        }
        self._push(json.dumps(signed).encode(), after, tries=0)

    def _push(self, body: bytes, after: float, *, tries: int) -> None:
        with self.wake:
            self.count += 1
            heapq.heappush(self.queue, Due(time.monotonic() + after, self.count, tries, body))
            self.wake.notify()

    def _run(self) -> None:
        while True:
            with self.wake:
                while not self.queue or self.queue[0].at > time.monotonic():
                    left = self.queue[0].at - time.monotonic() if self.queue else None
                    self.wake.wait(left)
                due = heapq.heappop(self.queue)
            if not self._post(due.body) and due.tries + 1 < TRIES:
                self._push(due.body, 2.0**due.tries, tries=due.tries + 1)

    def _post(self, body: bytes) -> bool:
        """Whether it was taken, or refused for good."""
        headers = {"Content-Type": "application/json", "User-Agent": "mailgun/treq-20.4.1"}
        request = urllib.request.Request(self.url, body, headers)  # our own
        try:
            with urllib.request.urlopen(request, timeout=CALL_SECONDS) as answer:  # nosec B310
                return bool(200 <= answer.status < 300)
        except urllib.error.HTTPError as error:
            return error.code == NOT_AGAIN
        except OSError:
            return False


def event_of(
    told: Event, recipient: str, message: EmailMessage, variables: dict[str, str]
) -> Event:
    """The event as Mailgun's documentation shows it."""
    domain = recipient.partition("@")[2]
    headers = {
        "to": recipient,
        "message-id": str(message["Message-ID"]).strip("<>"),
        "subject": str(message["Subject"]),
    }
    return {
        "id": secrets.token_urlsafe(16),
        **told,
        "recipient": recipient,
        "recipient-domain": domain,
        "message": {
            "headers": headers,
            "attachments": [],
            "size": 0,
        },
        "flags": {"is-routed": False, "is-authenticated": True, "is-test-mode": False},
        "tags": [],
        "user-variables": variables,
    }


def signature(key: str, at: float) -> dict[str, str]:
    """HMAC-SHA256 of time and token, as Mailgun signs."""
    stamp, token = str(int(at)), secrets.token_hex(25)
    digest = hmac.new(key.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    return {"timestamp": stamp, "token": token, "signature": digest}
