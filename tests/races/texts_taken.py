"""Twilio's double as races want it: counts what left for each delivery, and holds answers back."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from django.utils import timezone

from sandbox.message_double import MessageDouble
from sandbox.message_double.store import Row
from tests.messages import ACCOUNT, SERVICE, TOKEN, Silent

HOLD_SECONDS_MAX = 60.0


class Texts(MessageDouble):
    """Nobody hears from it what became of a text: whoever is in doubt has to ask."""

    def __init__(self) -> None:
        super().__init__(account_sid=ACCOUNT, auth_token=TOKEN, callbacks=Silent)
        self.seen: Counter[str] = Counter()
        """Texts by the delivery whose they are."""
        self.came: dict[str, datetime] = {}
        self.looked_up: set[str] = set()
        """Numbers that were asked about."""
        self.unanswered: set[str] = set()
        """Deliveries whose text was taken while answers were held back."""
        self._free = threading.Event()
        self._free.set()
        self._note = threading.Lock()

    @property
    def environment(self) -> dict[str, str]:
        """For a worker that texts by it."""
        return {
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_MESSAGING_SERVICE_SID": SERVICE,
            "TWILIO_API_BASE": self.url,
        }

    @property
    def account(self) -> dict[str, str]:
        """As the settings of a process hold it."""
        told = self.environment.items()
        return {name.removeprefix("TWILIO_").lower(): value for name, value in told}

    def create(self, form: dict[str, str]) -> Row:
        delivery = parse_qs(urlsplit(form.get("StatusCallback", "")).query)["delivery"][0]
        with self._note:
            self.seen[delivery] += 1
            self.came.setdefault(delivery, timezone.now())
            row = super().create(form)
            if not self._free.is_set():
                self.unanswered.add(delivery)
        self._free.wait(HOLD_SECONDS_MAX)
        return row

    def listed(self, query: dict[str, str]) -> list[Row]:
        with self._note:
            self.looked_up.add(query.get("To", ""))
        return super().listed(query)

    @contextmanager
    def held_back(self) -> Iterator[None]:
        """What is taken in here is not answered before the end."""
        self._free.clear()
        try:
            yield
        finally:
            self._free.set()
