"""A browser or a till: keeps its cookies and its connection, and every answer is put on record."""

import re
import sys
import time
from html import unescape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter

from bench.soak.record import Record

TIMEOUT_SECONDS = 10.0
AGAIN_SECONDS = 0.3
PATIENCE_SECONDS = 60.0
REDIRECTS_MOST = 10
TOKEN = "csrfmiddlewaretoken"


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
        """Send the form that `page` shows for this path, with its hidden fields, as a browser does."""
        return self.ask("POST", path, data={**hidden_fields(page.text, page.url, path), **data})

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


class Forms(HTMLParser):
    """Where each form of a page leads, with its hidden fields. What a template keeps is not on the page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, list[str]]]] = []
        self.templates = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "template":
            self.templates += 1
        elif tag == "form" and not self.templates:
            self.forms.append((given.get("action", ""), {}))
        elif tag == "input" and given.get("type") == "hidden" and self.forms and not self.templates:
            self.forms[-1][1].setdefault(given["name"], []).append(given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "template":
            self.templates -= 1


def hidden_fields(page: str, url: str, path: str) -> dict[str, list[str]]:
    """What the first form of a page that leads to `path` sends unseen, by name. The token that says that
    this site showed the form is on any of them: a script sends it with what has no form."""
    parser = Forms()
    parser.feed(page)
    target = urlsplit(urljoin(url, path)).path
    tokens = [{TOKEN: held[TOKEN]} for _, held in parser.forms if TOKEN in held]
    there = [held for action, held in parser.forms if urlsplit(urljoin(url, action)).path == target]
    return next(iter(there + tokens), {})


def path_of(url: str) -> str:
    """For people to read: tokens left out."""
    return re.sub(r"[\w-]{20,}", "…", urlsplit(url).path)


def found(pattern: str, page: requests.Response) -> str:
    """The first group of a pattern in a page; GaveUp when the page is another one."""
    match = re.search(pattern, page.text)
    if match is None:
        raise GaveUp(f"no {pattern} on {path_of(page.url)} ({page.status_code})")
    return unescape(match[1])
