"""`python -m sandbox demo`: the whole product on one machine, with data that stays."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
from pathlib import Path

from sandbox.children import ChildError
from sandbox.demo.house import House
from sandbox.demo.lock import AlreadyRunningError, demo_lock
from sandbox.demo.ports import PortTakenError, web_port
from sandbox.demo.screen import Screen
from sandbox.places import CHECKOUT, make_passage, state_folder

WATCH_SECONDS = 0.3
# What RESET takes away. The logs and the copied programs stay.
STATE = ("postgres", "postgres.new", "valkey", "stripe", "mail", "secrets", "ports", "celerybeat")


def demo(*, reset: bool, weeks: int) -> int:
    """Start everything, say where it is, and wait until told to stop. Returns the exit status."""
    screen = Screen()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    # A shell that starts us in the background hands SIGINT down ignored; we stop by it all the same.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        port = web_port(os.environ)
        state = state_folder()
        if state.parent != CHECKOUT:
            screen.note(f"This folder is closed to the database's user; its data is in {state}.")
        with demo_lock(state) as lock:
            if reset:
                _reset(state)
            with House(state, port=port, lock=lock, screen=screen) as house:
                house.open(weeks=weeks)
                screen.summary(house)
                _watch(house)
    except (AlreadyRunningError, PortTakenError, ChildError) as error:
        screen.failure(str(error))
        return 1
    except KeyboardInterrupt:
        pass
    except SystemExit as leaving:  # SIGTERM: what follows a signal is not a failure to explain
        return int(leaving.code or 0)
    return 0


def _leave(number: int, _frame: object) -> None:
    sys.exit(128 + number)


def _watch(house: House) -> None:
    """Wait for a signal; a child that ends by itself ends the demo."""
    while True:
        time.sleep(WATCH_SECONDS)
        for child in house.children:
            if child.process.poll() is not None:
                raise ChildError(child.obituary())


def _reset(state: Path) -> None:
    for name in STATE:
        for path in state.glob(f"{name}*") if name == "celerybeat" else [state / name]:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
    make_passage(state)
