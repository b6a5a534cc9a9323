"""What the doubles of services outside have in common: they listen on the loopback address alone, and run
until they are told to end."""

from __future__ import annotations

import signal
import threading
from typing import Any, Protocol

LOCAL_NAMES = {"127.0.0.1", "localhost", "[::1]"}


class Double(Protocol):
    @property
    def url(self) -> str: ...
    def start(self) -> Any: ...
    def close(self) -> None: ...


def run(double: Double) -> None:
    """Start it, say where it listens, and close it when a signal comes."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    double.start()
    print(f"listening {double.url}", flush=True)
    stop.wait()
    double.close()


def is_local(host: str) -> bool:
    """Whether a request's Host is this machine by a name of its own. A page of the web that points another
    name at 127.0.0.1 does not get to read what a double holds."""
    return (host.rpartition(":")[0] or host) in LOCAL_NAMES
