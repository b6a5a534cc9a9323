"""All people of one run: who there is, a rush of all at once, and whether the product serves."""

import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import requests

from bench.soak.client import Client, GaveUp
from bench.soak.demo_copy import DemoCopy
from bench.soak.person import Hours, Person, close
from bench.soak.record import Gift, Record
from bench.soak.senders import Recipients, Sender, wait_for_mail
from bench.soak.tills import PARTS, Marketer, Pages, Till

SENDERS = 3
ADDRESSES = 5
TILLS = 3
CODES = 1500
VALUE = 500
RUSH = 24
RUSHES = 4
PROBES = 8
STORE, BRAND = "pike-street", "frosty-spoon"


@dataclass
class People:
    """Made once the demo is open."""

    demo: DemoCopy
    record: Record
    hours: Hours = field(default_factory=Hours)
    people: list[Person] = field(default_factory=list)
    tills: list[Till] = field(default_factory=list)

    def settle(self) -> None:
        """Pair the tills, issue their codes, and let everybody come; the shops are closed yet."""
        demo, record = self.demo, self.record
        gifts: queue.Queue[Gift] = queue.Queue()
        codes: queue.Queue[str] = queue.Queue()
        self.url, self.tray = demo.url, demo.tray
        words = ("issue_codes", "--brand", BRAND, "--output", "-", "--amount", str(VALUE))
        shown = demo.manage(*words, "--count", str(CODES)).split()
        for number in range(TILLS):
            token = demo.manage(
                *("pair_device", "--brand", BRAND, "--store", STORE, "--profile", "integration")
            ).strip()
            mine = shown[number::TILLS]
            self.tills.append(Till(self._client(10 + number), token, record, mine, VALUE // PARTS))
            self._comes("till", self.tills[-1].turn, think=1.0)
        for number in range(SENDERS):
            clients = [self._client(200 + number * ADDRESSES + n) for n in range(ADDRESSES)]
            self._comes("sender", Sender(clients, record, gifts).turn, think=5.0)
        for number in range(2):
            recipients = Recipients(self._client(30 + number), self.tray, record, gifts, codes)
            self._comes("recipient", recipients.turn, think=1.0)
        who = demo.one(r"PINs +Pike Street +(\w+ \d{4})").split()
        device = Pages(self._client(40), *who, record, codes)
        device.pair(demo.one(r"(http\S+/till/pair/#\S+)"))
        self._comes("device", device.turn, think=2.0)
        email = demo.one(r"(\S+@frosty-spoon\.example) .*owner")
        password = demo.one(r"Password of everybody: (.*?)\s*\n")
        marketer = Marketer(self._client(50), email, password, BRAND)
        self._comes("marketer", marketer.turn, think=3.0)
        for person in self.people:
            person.start()

    def open(self) -> None:
        """Everybody begins."""
        self.hours.opened.set()

    def close(self) -> None:
        """Everybody ends what they are at, after a rush that lets each of the server's threads work:
        what threads keep is then kept by all of them."""
        close(self.hours, self.people)
        self.rush()

    def leave(self) -> None:
        self.hours.over.set()
        for person in self.people:
            person.join(5)

    def rush(self) -> None:
        """Many tills and onlookers at the same moment, several times. Raises GaveUp."""
        for _ in range(RUSHES):
            gate = threading.Barrier(RUSH)
            with ThreadPoolExecutor(RUSH) as pool:
                for done in [pool.submit(self._press, number, gate) for number in range(RUSH)]:
                    done.result()

    def _press(self, number: int, gate: threading.Barrier) -> None:
        client = self._client(100 + number, Connection="close")
        till = self.tills[number % len(self.tills)]
        gate.wait()
        if number % 3 == 0:
            client.get(f"/shop/{BRAND}/")
        else:
            Till(client, till.token, self.record, till.known, till.part).look(till.known[0])

    def serve(self, *, until: float) -> None:
        """Wait until the product is ready, as often as asked. Raises GaveUp."""
        well = 0
        while well < PROBES:
            if time.monotonic() > until:
                raise GaveUp("nobody answers in time")
            well = well + 1 if self._is_ready() else 0
            time.sleep(0 if well else 0.2)

    def _is_ready(self) -> bool:
        try:
            return requests.get(f"{self.url}/readyz", timeout=3).status_code == 200
        except requests.RequestException:
            return False

    def mail(self, *, seconds: float) -> float:
        """How long it takes until a gift that is bought now is in the mail. Raises GaveUp."""
        began = time.monotonic()
        sender = Sender([self._client(60)], self.record, queue.Queue())
        (gift,) = sender.buy(BRAND)
        left = began + seconds - time.monotonic()
        if not wait_for_mail(sender.client, self.tray, gift, seconds=left):
            raise GaveUp("a gift bought then is not mailed in time")
        return time.monotonic() - began

    def _client(self, number: int, **headers: str) -> Client:
        return Client(self.url, self.record, number=number, **headers)

    def _comes(self, name: str, turn: Callable[[], None], *, think: float) -> None:
        person = Person(turn, self.hours, self.record, think=think)
        person.name = f"{name} {len(self.people)}"
        self.people.append(person)
