"""A buyer without a browser: fills in the hosted payment page over HTTP, as its form would be sent."""

from __future__ import annotations

import http.client
import re
import urllib.parse
from dataclasses import dataclass

DETAILS = {
    "email": "jenny@example.com",
    "cardNumber": "4242 4242 4242 4242",
    "cardExpiry": "12 / 34",
    "cardCvc": "123",
    "billingName": "Jenny Rosen",
    "billingCountry": "US",
}
ALERT = re.compile(r'role="alert"[^>]*>(.*?)<', re.DOTALL)


@dataclass(frozen=True)
class Landing:
    """Where the buyer ended up: an address elsewhere, or a page with what it says."""

    status: int
    location: str | None
    page: str

    @property
    def alert(self) -> str | None:
        found = ALERT.search(self.page)
        return found[1] if found else None


def look(url: str) -> Landing:
    """Open a page."""
    return _ask("GET", url)


def pay(url: str, card: str = DETAILS["cardNumber"], **details: str) -> Landing:
    """Press Pay once. A challenge's address is a landing like any other; see ``answer``."""
    return _ask("POST", url, {**DETAILS, "cardNumber": card, **details})


def answer(challenge_url: str, outcome: str) -> Landing:
    """On the 3-D Secure page: "complete" or "fail"."""
    return _ask("POST", challenge_url, {"answer": outcome})


def _ask(method: str, url: str, form: dict[str, str] | None = None) -> Landing:
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    try:
        body = urllib.parse.urlencode(form) if form else None
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
        connection.request(method, parts.path, body, headers)
        reply = connection.getresponse()
        page = reply.read().decode()
        location = reply.getheader("Location")
        return Landing(
            reply.status, urllib.parse.urljoin(url, location) if location else None, page
        )
    finally:
        connection.close()
