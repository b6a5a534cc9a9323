"""A mailing by mail and by text through two workers that are killed in turn while the broker is emptied (I7),
and scheduled gifts with two beats at once (I8): none lost, none early.

A mail server cannot be asked what it was given: what is sent twice there is counted and told. Twilio can: a
text whose answer never came is looked up, and none leaves twice.
"""

import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import Message as Email
from typing import Any

import pytest
import redis
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from core.ids import uuid7
from giftshop.delivery.models import Delivery
from giftshop.orders.models import Gift
from giftshop.outbox.models import Message
from giftshop.texts.models import SentText
from tests.cast import Place, line, make_treat, pay
from tests.figures import Figure
from tests.races.mail_sink import Sink, served
from tests.races.test_killed_workers import LEASE_SECONDS, PER_ORDER, start_worker
from tests.races.texts_taken import Texts
from tests.server import free_port, stop, wait_for

SHORT, LONG = (120, 2, 20), (10_000, 20, 120)
"""So many gifts, so many kills, and for so many seconds what is scheduled waits once the workers begin."""
WORKERS = 2
FAR = timedelta(days=1)
SCHEDULED_EVERY = 2
"""One order in so many is for later."""
TEXTS = 8
"""So many of an order's twenty gifts go by text."""

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
    with served(Mailbox(free_port())) as mailbox:
        yield mailbox


@pytest.fixture
def texts() -> Iterator[Texts]:
    with Texts() as double:
        yield double


@pytest.fixture
def text_brand(brand: Brand, texts: Texts, settings: Any) -> Brand:
    """Which texts whom a sender names."""
    settings.TWILIO = texts.account
    Brand.objects.filter(pk=brand.pk).update(texts=Brand.Texts.RECIPIENTS, country="DE")
    brand.refresh_from_db()
    return brand


def sell(brand: Brand, place: Place, count: int) -> None:
    treat = make_treat(brand, f"shake-{uuid7()}")
    for order in range(count // PER_ORDER):
        later = {"deliver_at": timezone.now() + FAR} if order % SCHEDULED_EVERY else {}
        with scope(brand=brand):
            lines = [line(treat, f"Recipient{n}", **later) for n in range(TEXTS, PER_ORDER)]
            lines += [
                line(
                    treat,
                    f"Recipient{n}",
                    channel=Gift.Channel.SMS,
                    recipient_phone=f"+4915114{40_000 + order * TEXTS + n:06}",
                    **later,
                )
                for n in range(TEXTS)
            ]
        pay(place(lines=lines))


def schedule(brand: Brand, due: datetime) -> None:
    """To sell thousands takes longer than what is scheduled shall wait."""
    with scope(brand=brand):
        assert Gift.objects.filter(deliver_at__isnull=False).update(deliver_at=due)
    waiting = Message.objects.filter(topic="gift.ready", available_at__gt=timezone.now())
    assert waiting.update(available_at=due)


def empty_the_broker() -> None:
    """The database of it that these workers use, and no other."""
    broker = os.environ["REDIS_URL"].split("?")[0].removesuffix("/0")
    number = f"{broker}?db=9" if broker.startswith("unix:") else f"{broker}/9"
    with redis.Redis.from_url(number) as connection:
        connection.flushdb()


def early(mailbox: Mailbox, texts: Texts, brand: Brand) -> list[str]:
    """Those that came before their time."""
    with scope(brand=brand):
        due = Gift.objects.filter(deliver_at__isnull=False).values_list("pk", "deliver_at")
        when = {f"gift:{pk}": at for pk, at in due}
        sent = Delivery.objects.filter(purpose="gift", channel=Gift.Channel.SMS)
        subject_of = {str(pk): subject for pk, subject in sent.values_list("pk", "subject")}
    came = {subject_of[delivery]: at for delivery, at in texts.came.items()}
    for name, at in mailbox.came.items():
        if name.startswith("<gift-"):
            came["gift:" + name.removeprefix("<gift-").partition("-v1@")[0]] = at
    assert set(when) <= set(came), "and each that was scheduled did come"
    return [subject for subject, at in when.items() if at and came[subject] < at]


@pytest.mark.parametrize(
    ("gifts", "kills", "wait"),
    [SHORT, pytest.param(*LONG, marks=pytest.mark.stress)],
    ids=["short", "long"],
)
def test_no_gift_is_lost_or_early_when_two_workers_die_and_the_broker_is_emptied(
    mailbox: Mailbox,
    texts: Texts,
    text_brand: Brand,
    place: Place,
    figure: Figure,
    gifts: int,
    kills: int,
    wait: int,
) -> None:
    shuffle = random.Random(20261130)
    sell(text_brand, place, gifts)
    schedule(text_brand, timezone.now() + timedelta(seconds=wait))
    workers: list[subprocess.Popen[bytes]] = []

    def have_come() -> int:
        return mailbox.gifts + len(texts.seen)

    try:
        workers += [
            start_worker(mailbox, LEASE_SECONDS, **texts.environment) for _ in range(WORKERS)
        ]
        for number in range(kills):
            goal = have_come() + shuffle.randrange(3, gifts // (kills * 3))
            wait_for(
                lambda goal=goal: have_come() >= goal,
                f"stuck before kill {number + 1}",
                seconds=120,
            )
            kill(workers[number % WORKERS], texts if number % 2 else None)
            empty_the_broker()
            workers[number % WORKERS] = start_worker(mailbox, LEASE_SECONDS, **texts.environment)
        began = time.monotonic()
        wait_for(lambda: have_come() == gifts, "a gift was lost", seconds=120 + gifts / 5)
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
    assert early(mailbox, texts, text_brand) == []
    assert (len(texts.seen), max(texts.seen.values())) == (gifts * TEXTS // PER_ORDER, 1)
    in_doubt = tried_again(text_brand)
    assert in_doubt & texts.looked_up, (
        "an answer that never came, and a question before the next try"
    )
    assert counted_twice(text_brand) == 0, "as the other side says"
    figure(
        "I7, I8",
        "two workers killed (SIGKILL) in turn, the broker emptied each time, mails and texts, every second"
        " order scheduled",
        size=f"{gifts} gifts, {kills} kills",
        result=f"0 lost, 0 early; {repeats} mails sent twice under one Message-ID, 0 texts;"
        f" {len(in_doubt)} texts without an answer, looked up;"
        f" at rest {seconds:.0f} s after the last kill",
        zero_in=gifts,
    )


def kill(worker: subprocess.Popen[bytes], texts: Texts | None) -> None:
    """At any moment; or when it waits for the answer to a text. Whoever waits for too long gives up, and does
    not know what became of it either."""
    if texts is None:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
        return
    before = len(texts.unanswered)
    with texts.held_back():
        others = 2  # processes of the other worker: one more, and it is this one's, or was given up
        wait_for(lambda: len(texts.unanswered) > before + others, "no text held", seconds=180)
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()


def tried_again(brand: Brand) -> set[str]:
    """Numbers whose text was taken up a second time."""
    with scope(brand=brand):
        sent = Delivery.objects.filter(channel=Gift.Channel.SMS, attempts_made__gt=1)
        return set(sent.values_list("address", flat=True))


def counted_twice(brand: Brand) -> int:
    """By the product: texts beyond the first of a delivery."""
    with scope(brand=brand):
        sent = SentText.objects.all()
        return sent.count() - sent.values("delivery_id").distinct().count()
