"""A mailing through two workers that are killed in turn while the broker is emptied (I7), and scheduled
gifts with two beats at once (I8): none lost, none early.

What is sent twice is counted and told: a mail server cannot be asked what it was given.
"""

import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import Message as Email

import pytest
import redis
from aiosmtpd.controller import Controller
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from core.ids import uuid7
from giftshop.orders.models import Gift
from giftshop.outbox.models import Message
from tests.cast import Place, line, make_treat, pay
from tests.figures import Figure
from tests.races.test_killed_workers import LEASE_SECONDS, PER_ORDER, Sink, start_worker
from tests.server import free_port, stop, wait_for

SHORT, LONG = (120, 2), (10_000, 20)
"""So many gifts, so many kills."""
WORKERS = 2
SCHEDULED_EVERY = 2
"""One order in so many is for later."""
LATER = timedelta(seconds=20)

pytestmark = pytest.mark.django_db(transaction=True)


class Mailbox(Sink):
    """Notes besides when each gift came first."""

    def __init__(self, port: int) -> None:
        super().__init__(port)
        self.came: dict[str, datetime] = {}

    def handle_message(self, message: Email) -> None:
        self.came.setdefault(str(message["Message-ID"]), timezone.now())
        super().handle_message(message)


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    handler = Mailbox(free_port())
    controller = Controller(handler, hostname="127.0.0.1", port=handler.port)
    controller.start()
    yield handler
    controller.stop()


def sell(brand: Brand, place: Place, count: int) -> None:
    treat = make_treat(brand, f"shake-{uuid7()}")
    for order in range(count // PER_ORDER):
        later = {"deliver_at": timezone.now() + LATER} if order % SCHEDULED_EVERY else {}
        with scope(brand=brand):
            lines = [line(treat, f"Recipient{n}", **later) for n in range(PER_ORDER)]
        pay(place(lines=lines))


def empty_the_broker() -> None:
    """The database of it that these workers use, and no other."""
    broker = os.environ["REDIS_URL"].split("?")[0].removesuffix("/0")
    number = f"{broker}?db=9" if broker.startswith("unix:") else f"{broker}/9"
    with redis.Redis.from_url(number) as connection:
        connection.flushdb()


def early(mailbox: Mailbox, brand: Brand) -> list[str]:
    """Those that came before their time."""
    with scope(brand=brand):
        due = Gift.objects.filter(deliver_at__isnull=False).values_list("pk", "deliver_at")
        when = {f"<gift-{pk}-v1@": at for pk, at in due}
    return [
        name
        for name, came in mailbox.came.items()
        if (at := when.get(name.partition("@")[0] + "@")) and came < at
    ]


@pytest.mark.parametrize(
    ("gifts", "kills"),
    [SHORT, pytest.param(*LONG, marks=pytest.mark.stress)],
    ids=["short", "long"],
)
def test_no_gift_is_lost_or_early_when_two_workers_die_and_the_broker_is_emptied(
    mailbox: Mailbox, brand: Brand, place: Place, figure: Figure, gifts: int, kills: int
) -> None:
    shuffle = random.Random(20261130)
    sell(brand, place, gifts)
    workers: list[subprocess.Popen[bytes]] = []
    try:
        workers += [start_worker(mailbox, LEASE_SECONDS) for _ in range(WORKERS)]
        for number in range(kills):
            goal = mailbox.gifts + shuffle.randrange(3, gifts // (kills * 3))
            wait_for(
                lambda goal=goal: mailbox.gifts >= goal,
                f"stuck before kill {number + 1}",
                seconds=120,
            )
            killed = workers[number % WORKERS]
            os.killpg(killed.pid, signal.SIGKILL)
            killed.wait()
            empty_the_broker()
            workers[number % WORKERS] = start_worker(mailbox, LEASE_SECONDS)
        began = time.monotonic()
        wait_for(lambda: mailbox.gifts == gifts, "a gift was lost", seconds=120 + gifts / 5)
        wait_for(
            lambda: not Message.objects.filter(done_at__isnull=True).exists(),
            "the outbox never came to rest",
            seconds=120 + gifts / 5,
        )
        seconds = time.monotonic() - began
    finally:
        for worker in workers:
            stop(worker, signal.SIGKILL)
    repeats = sum(count - 1 for count in mailbox.seen.values())
    assert (
        repeats <= kills * 2
    )  # at most what each of a worker's two processes held when it was killed
    assert early(mailbox, brand) == []
    figure(
        "I7, I8",
        "two workers killed in turn (SIGKILL), the broker emptied each time, every second gift scheduled",
        size=f"{gifts} gifts, {kills} kills",
        result=f"0 lost, 0 early, {repeats} sent twice under one Message-ID;"
        f" at rest {seconds:.0f} s after the last kill",
        zero_in=gifts,
    )
