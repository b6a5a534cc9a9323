"""A paid gift is never lost on its way (I7): workers are killed while gifts go out.

Leases are as deployed, and far too long to help: what a dead worker held comes back because its row
falls silent. The control takes that and the lease away, so that it is never claimed again: then gifts
must be missing, or the kills proved nothing.
"""

import os
import random
import signal
import subprocess
import sys
import time
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from core.ids import uuid7
from giftshop.outbox.models import Message
from tests.cast import Place, line, make_treat, pay
from tests.figures import Figure
from tests.races.mail_sink import Sink
from tests.server import ROOT, environment, stop, wait_for

SHORT, LONG = (160, 3), (500, 3)
"""So many gifts, so many kills."""
CONTROL_GIFTS = 120
PER_ORDER = 20
LEASE_SECONDS = 120
CONTROL_LEASE_SECONDS = 86_400
STARTED_SECONDS = 60
"""A lease that lasts longer than this is that of a handler, not that of a task on its way."""
LATE_SECONDS_MAX = 60.0
"""Half a lease. Ten until a worker counts as dead; the rest is for a new worker and its beat to start on
a busy machine, and for the turn in a queue of hundreds."""

Held = dict[UUID, datetime]
"""A message that somebody was at when he was killed, and when that was."""

pytestmark = pytest.mark.django_db(transaction=True)


def sell(brand: Brand, place: Place, count: int) -> None:
    treat = make_treat(brand, f"shake-{uuid7()}")
    for _ in range(count // PER_ORDER):
        with scope(brand=brand):
            lines = [line(treat, f"Recipient{n}") for n in range(PER_ORDER)]
        pay(place(lines=lines))


def start_worker(sink: Sink, lease_seconds: int, **more: str) -> subprocess.Popen[bytes]:
    """A worker with its own beat, on a database of the broker that no other test uses: kills leave
    fenced-off tasks behind, which the next worker would have to wade through."""
    control = lease_seconds == CONTROL_LEASE_SECONDS
    database = 10 if control else 9
    app = "tests.races.forgotten_claims" if control else "giftshop"
    broker = os.environ["REDIS_URL"].split("?")[0].removesuffix("/0")
    number = f"{broker}?db={database}" if broker.startswith("unix:") else f"{broker}/{database}"
    return subprocess.Popen(
        [
            *[sys.executable, "-m", "celery", "-A", app, "worker", "-B", "-c", "2"],
            *["--loglevel", "ERROR", "--without-gossip", "--without-mingle"],
        ],
        cwd=ROOT,
        env=environment(
            REDIS_URL=number,
            EMAIL_URL=f"smtp://127.0.0.1:{sink.port}",
            OUTBOX_LEASE_SECONDS=str(lease_seconds),
            **more,
        ),
        start_new_session=True,
    )


def kill_while_sending(
    sink: Sink, *, lease_seconds: int, gifts: int, kills: int, holding: bool = False
) -> tuple[subprocess.Popen[bytes], Held]:
    """Kill -9 the whole worker group again and again, each time once some more gifts have gone; with
    `holding` when it is certainly at one. Gives the last worker, and what the killed ones were at."""
    shuffle = random.Random(20261121)
    held: Held = {}

    def have_gone(goal: int) -> bool:
        return sink.gifts >= goal

    worker = start_worker(sink, lease_seconds)
    try:
        for n in range(kills):
            goal = sink.gifts + shuffle.randrange(5, gifts // (kills * 3))
            wait_for(partial(have_gone, goal), f"stuck before kill {n + 1}", worker, 90)
            if holding:
                sink.waiting, sink.is_held = 0, True
                wait_for(lambda: sink.waiting > 0, "nobody was at a gift", worker, 90)
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()
            sink.is_held = False
            held |= dict.fromkeys(begun(), timezone.now())
            worker = start_worker(sink, lease_seconds)
    except BaseException:
        stop(worker, signal.SIGKILL)
        raise
    return worker, held


def begun() -> list[UUID]:
    """What somebody was at when he was killed."""
    soon = timezone.now() + timedelta(seconds=STARTED_SECONDS)
    rows = Message.objects.filter(done_at__isnull=True, leased_until__gt=soon)
    return list(rows.values_list("pk", flat=True))


def late(held: Held) -> list[float]:
    """How many seconds after the kill each of them was done."""
    done = Message.objects.filter(pk__in=held, done_at__isnull=False).values_list("pk", "done_at")
    return [(done_at - held[pk]).total_seconds() for pk, done_at in done if done_at]


@pytest.mark.parametrize(
    ("gifts", "kills"),
    [SHORT, pytest.param(*LONG, marks=pytest.mark.stress)],
    ids=["short", "long"],
)
def test_no_gift_is_lost_when_workers_are_killed(
    sink: Sink, brand: Brand, place: Place, figure: Figure, gifts: int, kills: int
) -> None:
    sell(brand, place, gifts)
    worker, held = kill_while_sending(sink, lease_seconds=LEASE_SECONDS, gifts=gifts, kills=kills)
    try:
        wait_for(lambda: sink.gifts == gifts, "a gift was lost", worker, 240)
        wait_for(
            lambda: not Message.objects.filter(done_at__isnull=True).exists(),
            "the outbox never came to rest",
            worker,
            60,
        )
    finally:
        stop(worker, signal.SIGKILL)
    repeats = sum(count - 1 for count in sink.seen.values())
    seconds = late(held)
    assert len(seconds) == len(held) > 0
    assert max(seconds) < LATE_SECONDS_MAX
    assert repeats <= kills * 2  # at most what each of the two processes held when it was killed
    figure(
        "I7",
        "workers killed (SIGKILL) while gifts go out",
        size=f"{gifts} gifts, {kills} kills",
        result=f"0 lost, {repeats} sent twice under one Message-ID;"
        f" what they held was done after {max(seconds):.0f} s at most",
        zero_in=gifts,
    )


@pytest.mark.stress
def test_the_control_without_a_lease_loses_gifts(
    sink: Sink, brand: Brand, place: Place, figure: Figure
) -> None:
    sell(brand, place, CONTROL_GIFTS)
    send_without_a_lease(sink, CONTROL_GIFTS)
    connection.close()
    assert sink.gifts < CONTROL_GIFTS
    figure(
        "I7",
        "control: an outbox without leases, its worker killed",
        size=f"{CONTROL_GIFTS} gifts",
        result=f"{CONTROL_GIFTS - sink.gifts} lost",
    )


def send_without_a_lease(sink: Sink, sold: int) -> None:
    """One kill will do: nothing that the dead worker held is ever taken up again."""
    worker, _ = kill_while_sending(
        sink, lease_seconds=CONTROL_LEASE_SECONDS, gifts=CONTROL_GIFTS, kills=1, holding=True
    )
    try:
        last, quiet_since = -1, time.monotonic()
        while time.monotonic() - quiet_since < 6 and sink.gifts < sold:
            if sink.gifts != last:
                last, quiet_since = sink.gifts, time.monotonic()
            time.sleep(0.2)
    finally:
        stop(worker, signal.SIGKILL)
