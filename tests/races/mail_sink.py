"""A mail server that counts the gifts it takes."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message as Email
from typing import Any, TypeVar

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MessageHandler

GIFT = b"Message-ID: <gift-"
LOOK_SECONDS = 0.02


class Sink(MessageHandler):
    """Counts gifts by their Message-ID, as a mail provider that tells repeats apart would."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self.port = port
        self.seen: Counter[str] = Counter()
        self.gifts = 0
        self.is_held = False
        """Whether a gift is not taken before it is free again, or who brings it is gone."""
        self.waiting = 0

    async def handle_DATA(self, *about: Any) -> Any:  # noqa: N802  # as the library calls it
        envelope = about[-1]
        while self.is_held and GIFT in envelope.content:
            self.waiting += 1
            await asyncio.sleep(LOOK_SECONDS)
        return await super().handle_DATA(*about)

    def handle_message(self, message: Email) -> None:
        identifier = str(message["Message-ID"])
        self.gifts += identifier.startswith("<gift-") and identifier not in self.seen
        self.seen[identifier] += 1


S = TypeVar("S", bound=Sink)


@contextmanager
def served(sink: S) -> Iterator[S]:
    """It takes mails at its port until the end."""
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()
