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

from bench.soak import measures, strangers
from bench.soak.place import Place

AWAY_SECONDS = 8.0
BACK_SECONDS = 10.0
DATABASE_SECONDS = 20.0


@dataclass(frozen=True)
class Fault:
    """`act` does it. `excuses`: whether requests may fail until it is over."""

    name: str
    act: Callable[[Place], None]
    excuses: bool = False
    seconds: float = BACK_SECONDS
    """How long it may take until the product serves again, on a quiet machine."""


def kill(kind: str) -> Callable[[Place], None]:
    """SIGKILL to one process of this kind."""

    def act(place: Place) -> None:
        victim(place, kind).kill()

    return act


def tell(kind: str, number: signal.Signals) -> Callable[[Place], None]:
    """Another signal."""

    def act(place: Place) -> None:
        victim(place, kind).send_signal(number)

    return act


def away(kind: str) -> Callable[[Place], None]:
    """Stopped for a while: connections are taken and nobody answers."""

    def act(place: Place) -> None:
        process = victim(place, kind)
        process.suspend()
        try:
            time.sleep(AWAY_SECONDS)
        finally:
            process.resume()

    return act


def victim(place: Place, kind: str) -> psutil.Process:
    """One process of our own demo; the youngest, for it has lived the shortest."""
    found = measures.processes(place.folder).get(kind, [])
    ours = [one for one in found if one.pid != os.getpid()]
    if not ours:
        raise RuntimeError(f"there is no {kind} to be found")
    return max(ours, key=lambda one: one.create_time())


EARLY = (
    Fault("web worker killed", kill("web worker"), excuses=True),
    Fault("web main process killed", kill("web main"), excuses=True),
)
"""Before the first rest: what is compared must be the same processes."""

LATE = (
    Fault("PostgreSQL killed", kill("postgres"), excuses=True, seconds=DATABASE_SECONDS),
    Fault("Celery child killed", kill("celery worker")),
    Fault("Celery main process killed", kill("celery main")),
    Fault("beat killed", kill("beat")),
    Fault("Valkey killed", kill("valkey")),
    Fault("Valkey away", away("valkey")),
    Fault("Stripe killed", kill("stripe double")),
    Fault("Stripe away", away("stripe double")),
    Fault("mail tray killed", kill("mail tray")),
    Fault("halves of requests", strangers.half_sent),
    Fault("long headers", strangers.long_headers),
    Fault(
        "PostgreSQL restarted",
        tell("postgres", signal.SIGINT),
        excuses=True,
        seconds=DATABASE_SECONDS,
    ),
)
