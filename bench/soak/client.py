"""A browser or a till: keeps its cookies and its connection, and every answer is put on record."""

import re
import sys
import time
from html import unescape
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter

from bench.soak.record import Record

TIMEOUT_SECONDS = 10.0
AGAIN_SECONDS = 0.3
PATIENCE_SECONDS = 60.0
REDIRECTS_MOST = 10
TOKEN = re.compile(r'name="csrfmiddlewaretoken"\s+value="([^"]+)"')


class GaveUp(Exception):
    """No answer that settles it for a minute."""


class From(HTTPAdapter):
    """Asks from an address of its own, as people do."""

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__()

    def init_poolmanager(self, *args: Any, **more: Any) -> None:
        super().init_poolmanager(*args, source_address=(self.address, 0), **more)


class Client:
    """One person or machine. Not to be shared between threads."""

    def __init__(self, base: str, record: Record, *, number: int = 1, **headers: str) -> None:
        self.base, self.record = base, record
        self.host = urlsplit(base).netloc
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers.update(headers)
        if sys.platform == "linux":  # where all of 127.0.0.0/8 is this machine
            self.session.mount("http://", From(f"127.0.{number // 250 + 1}.{number % 250 + 1}"))

    def get(self, path: str, **more: Any) -> requests.Response:
        return self.ask("GET", path, **more)

    def post(self, path: str, page: requests.Response, **data: Any) -> requests.Response:
        """Send a form that `page` showed."""
        token = TOKEN.search(page.text)
        words = {"csrfmiddlewaretoken": token[1] if token else "", **data}
        return self.ask("POST", path, data=words)

    def ask(self, method: str, path: str, **more: Any) -> requests.Response:
        """Ask, and follow where it leads; again and again while there is no answer that settles it.
        Raises GaveUp after a minute."""
        url = urljoin(self.base, path)
        for _ in range(REDIRECTS_MOST):
            answer = self._insist(method, url, **more)
            if not answer.is_redirect:
                return answer
            url = urljoin(url, answer.headers["Location"])
            method, more = "GET", {}
        raise GaveUp(f"{path_of(url)} leads round in circles")

    def _insist(self, method: str, url: str, **more: Any) -> requests.Response:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            answer = self._once(method, url, **more)
            if answer is not None and answer.status_code < 500 and answer.status_code != 429:
                return answer
            time.sleep(AGAIN_SECONDS)
        raise GaveUp(f"{method} {path_of(url)} was not answered")

    def _once(self, method: str, url: str, **more: Any) -> requests.Response | None:
        """One try. Stripe's double and the mail tray are others' machines: they may be away."""
        ours = urlsplit(url).netloc == self.host
        what = f"{method} {path_of(url)}"
        began = time.monotonic()
        try:
            answer = self.session.request(
                method, url, timeout=TIMEOUT_SECONDS, allow_redirects=False, **more
            )
        except requests.RequestException as error:
            if ours:
                self.record.note(began, what, type(error).__name__)
            return None
        if ours:
            refused = answer.status_code >= 500 or answer.status_code == 429
            self.record.note(began, what, str(answer.status_code) if refused else "")
        return answer


def path_of(url: str) -> str:
    """For people to read: tokens left out."""
    return re.sub(r"[\w-]{20,}", "…", urlsplit(url).path)


def found(pattern: str, page: requests.Response) -> str:
    """The first group of a pattern in a page; GaveUp when the page is another one."""
    match = re.search(pattern, page.text)
    if match is None:
        raise GaveUp(f"no {pattern} on {path_of(page.url)} ({page.status_code})")
    return unescape(match[1])
