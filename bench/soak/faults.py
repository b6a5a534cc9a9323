"""What goes wrong in a week: each kind of process is killed, services are away, strangers are rude.

A fault is over when the product serves again: the shop and the tills answer, and a gift that is bought
now is mailed. Until then, and no longer than its allowance, requests may fail where it says so.
"""

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass

import psutil

from bench.soak import hostile_clients, measures
from bench.soak.demo_copy import DemoCopy

AWAY_SECONDS = 8.0
BACK_SECONDS = 10.0
DATABASE_SECONDS = 20.0


Act = Callable[[DemoCopy], list[psutil.Process]]
"""Does it, and answers which processes must be gone before anything is back."""


@dataclass(frozen=True)
class Fault:
    """`excuses`: whether requests may fail until it is over."""

    name: str
    act: Act
    excuses: bool = False
    seconds: float = BACK_SECONDS
    """How long it may take until the product serves again, on a quiet machine."""


def end(kind: str, number: signal.Signals = signal.SIGKILL) -> Act:
    """A signal to one process of this kind, which ends it and its children."""

    def act(demo: DemoCopy) -> list[psutil.Process]:
        process = victim(demo, kind)
        fallen = [process, *process.children(recursive=True)]
        process.send_signal(number)
        return fallen

    return act


def away(kind: str) -> Act:
    """Stopped for a while: connections are taken and nobody answers."""

    def act(demo: DemoCopy) -> list[psutil.Process]:
        process = victim(demo, kind)
        process.suspend()
        try:
            time.sleep(AWAY_SECONDS)
        finally:
            process.resume()
        return []

    return act


def rude(clients_act: Callable[[int], None]) -> Act:
    """What strangers do at the product's port."""

    def act(demo: DemoCopy) -> list[psutil.Process]:
        clients_act(demo.port)
        return []

    return act


def victim(demo: DemoCopy, kind: str) -> psutil.Process:
    """One process of our own demo; the youngest, for it has lived the shortest."""
    found = measures.processes(demo.folder).get(kind, [])
    ours = [one for one in found if one.pid != os.getpid()]
    if not ours:
        raise RuntimeError(f"there is no {kind} to be found")
    return max(ours, key=lambda one: one.create_time())


EARLY = (
    Fault("web worker killed", end("web worker"), excuses=True),
    Fault("web main process killed", end("web main"), excuses=True),
)
"""Before the first rest: what is compared must be the same processes."""

LATE = (
    Fault("proxy killed", end("proxy"), excuses=True),
    Fault("PostgreSQL killed", end("postgres"), excuses=True, seconds=DATABASE_SECONDS),
    Fault("Celery child killed", end("celery worker")),
    Fault("Celery main process killed", end("celery main")),
    Fault("beat killed", end("beat")),
    Fault("status watch killed", end("status watch")),
    Fault("Valkey killed", end("valkey")),
    Fault("Valkey away", away("valkey")),
    Fault("Stripe killed", end("stripe double")),
    Fault("Stripe away", away("stripe double")),
    Fault("mail tray killed", end("mail tray")),
    Fault("halves of requests", rude(hostile_clients.half_sent)),
    Fault("long headers", rude(hostile_clients.long_headers)),
    Fault(
        "PostgreSQL restarted",
        end("postgres", signal.SIGINT),
        excuses=True,
        seconds=DATABASE_SECONDS,
    ),
)
