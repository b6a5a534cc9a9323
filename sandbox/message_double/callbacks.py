"""What Twilio tells the product: signed, in order, from a thread of its own."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import queue
import threading
import urllib.parse
from collections.abc import Callable, Mapping

TRIES = 8
WAIT_SECONDS = 0.5


def signature(token: str, url: str, params: Mapping[str, str]) -> str:
    """X-Twilio-Signature: HMAC-SHA1 of the address and the sorted fields.
    https://www.twilio.com/docs/usage/security#validating-requests"""
    text = url + "".join(name + params[name] for name in sorted(params))
    digest = hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


class Callbacks:
    """Posts forms; what fails is tried again, as Twilio does by its connection overrides."""

    def __init__(self, token: str, public_url: str, reach_url: str) -> None:
        self.token, self.public, self.reach = token, public_url, reach_url
        self._waiting: queue.Queue[Callable[[], None] | None] = queue.Queue()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._closing.set()
        self._waiting.put(None)
        self._thread.join(timeout=5)

    def later(self, act: Callable[[], None]) -> None:
        """In the order in which they were asked for."""
        self._waiting.put(act)

    def tell(self, url: str, params: Mapping[str, str]) -> bool:
        """Whether somebody took it, within a few tries."""
        for _try in range(TRIES):
            try:
                if self.post(url, params)[0] < 500:
                    return True
            except OSError:
                pass
            if self._closing.wait(WAIT_SECONDS):
                break
        return False

    def post(self, url: str, params: Mapping[str, str]) -> tuple[int, str]:
        """One signed POST: status and body. Raises OSError."""
        where = urllib.parse.urlsplit(self._reached(url))
        kind = (
            http.client.HTTPSConnection if where.scheme == "https" else http.client.HTTPConnection
        )
        connection = kind(where.hostname or "", where.port, timeout=15)
        headers = {
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "User-Agent": "TwilioProxy/1.1",
            "X-Twilio-Signature": signature(self.token, url, params),
        }
        try:
            path = where.path + (f"?{where.query}" if where.query else "")
            connection.request("POST", path, urllib.parse.urlencode(params), headers)
            answer = connection.getresponse()
            return answer.status, answer.read(100_000).decode(errors="replace")
        finally:
            connection.close()

    def _reached(self, url: str) -> str:
        """Signed is the address that the product calls its own; this is where it listens."""
        if self.public and self.reach and url.startswith(self.public):
            return self.reach + url.removeprefix(self.public)
        return url

    def _work(self) -> None:
        while (act := self._waiting.get()) is not None:
            act()
