"""Tills that ask the API, a device on its pages, and somebody who looks at the figures."""

import itertools
import queue
import re
from uuid import uuid4

import requests

from bench.soak.client import Client, GaveUp, found
from bench.soak.record import Record

PARTS = 5
"""Each code of a till is spent in that many equal parts."""

PERSON = re.compile(
    r'name="staff"\s+value="([\w-]+)".*?choice-label">\s*(?:<bdi>)?([^<]+?)\s*<', re.DOTALL
)


class Till:
    """Looks at a code, takes a part of it, and keeps what it was told."""

    def __init__(self, client: Client, token: str, record: Record, codes: list[str], part: int):
        """`part`: minor units taken off a code at once."""
        self.client, self.token, self.record, self.part = client, token, record, part
        self.known = codes
        self.left = itertools.chain.from_iterable(itertools.repeat(code, PARTS) for code in codes)

    def turn(self) -> None:
        code = next(self.left, None)
        if code is None:
            raise GaveUp("no codes are left")
        self.look(code)
        self.redeem(code)

    def look(self, code: str) -> None:
        answer = self._ask("lookups", {"code": code})
        if answer.status_code != 200:
            raise GaveUp(f"a look-up was answered with {answer.status_code}: {answer.text[:200]}")

    def redeem(self, code: str) -> None:
        key, body = str(uuid4()), {"code": code, "amount": self.part}
        answer = self._ask("redemptions", body, key)
        if answer.status_code != 201:
            raise GaveUp(
                f"a redemption was answered with {answer.status_code}: {answer.text[:200]}"
            )
        with self.record.lock:
            self.record.acknowledged[key] = (self.token, body, answer.content)
        self.record.count("redeemed")

    def _ask(self, what: str, body: dict[str, object], key: str = "") -> requests.Response:
        return ask(self.client, self.token, what, body, key)


def ask(
    client: Client, token: str, what: str, body: dict[str, object], key: str = ""
) -> requests.Response:
    """One question to the API; the same key again and again until it is answered."""
    headers = {"Authorization": f"Device {token}", **({"Idempotency-Key": key} if key else {})}
    return client.ask("POST", f"/api/v1/{what}/", json=body, headers=headers)


class Pages:
    """Signs in with a PIN and hands over what recipients show."""

    def __init__(
        self, client: Client, name: str, pin: str, record: Record, codes: "queue.Queue[str]"
    ) -> None:
        self.client, self.name, self.pin = client, name, pin
        self.record, self.codes = record, codes

    def pair(self, link: str) -> None:
        page = self.client.get("/till/pair/")
        self.client.post("/till/pair/", page, token=link)

    def turn(self) -> None:
        page = self.client.get("/till/")
        if "/till/staff/" in page.url:
            people = {name: staff for staff, name in PERSON.findall(page.text)}
            words = {"staff": people[self.name], "pin": self.pin}
            page = self.client.post("/till/sessions/", page, **words)
        try:
            code = self.codes.get_nowait()
        except queue.Empty:
            return
        look = self.client.post("/till/lookups/", page, code=code)
        self._hand_over(look, code)

    def _hand_over(self, look: requests.Response, code: str) -> None:
        picks: dict[str, str] = {}
        for name, value in re.findall(r'name="(pick-[\w-]+)"\s+value="([\w-]+)"', look.text):
            picks.setdefault(name, value)
        key = found(r'name="key"\s+value="([^"]+)"', look)
        done = self.client.post("/till/redemptions/", look, code=code, key=key, **picks)
        if done.status_code != 201:
            raise GaveUp(f"the device was answered with {done.status_code}")
        self.record.count("handed over")


class Marketer:
    """Signs in and looks at what the gifts brought."""

    PAGES = ("", "campaigns/", "audit/")

    def __init__(self, client: Client, email: str, password: str, brand: str) -> None:
        self.client, self.email, self.password, self.brand = client, email, password, brand
        self.pages = itertools.cycle(self.PAGES)

    def turn(self) -> None:
        page = self.client.get(f"/studio/{self.brand}/{next(self.pages)}")
        if "/accounts/login/" in page.url:
            words = {"username": self.email, "password": self.password}
            page = self.client.post(page.url, page, **words)
        if page.status_code not in (200, 403):
            raise GaveUp(f"the studio answered {page.status_code}")
