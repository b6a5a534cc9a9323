"""`python -m sandbox demo`: the whole product on one machine, with data that stays."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from sandbox.demo.console import Console
from sandbox.demo.earlier import UnusableDataError, adopt
from sandbox.demo.lock import AlreadyRunningError, demo_lock
from sandbox.demo.services import Services
from sandbox.environment import inherited, keep_environment
from sandbox.external import ExternalServiceError, given_services
from sandbox.machine.lan_address import LanAddressError, lan_address
from sandbox.machine.os_errors import lack_of_room, sentence
from sandbox.machine.ports import PortTakenError, web_port
from sandbox.places import CHECKOUT, make_passage, state_folder
from sandbox.processes.children import ChildError
from sandbox.processes.signals import ENDING_SIGNALS, leave_on

REFUSALS = (
    AlreadyRunningError,
    ChildError,
    ExternalServiceError,
    LanAddressError,
    PortTakenError,
    UnusableDataError,
)
# What RESET takes away, PostgreSQL's data of every major version. Logs and copied programs stay.
STATE = (
    "postgres*",
    "valkey",
    "stripe",
    "mail",
    "messages",
    "pictures",
    "secrets",
    "ports",
    "celerybeat*",
)


def demo(*, reset: bool, weeks: int, external: str | None = None, lan: str | None = None) -> int:
    """Start everything, say where it is, and wait until told to stop. Returns the exit status.
    `lan`: what lan_address() takes."""
    console = Console()
    # A shell that starts us in the background hands SIGINT down ignored; we stop by it all the same.
    leave_on(*ENDING_SIGNALS)
    try:
        given = given_services(os.environ, external)
        keep_environment(inherited(os.environ, libpq="DATABASE_URL" in given))
        address = lan_address(lan)
        port = web_port(os.environ, address)
        state = state_folder()
        if state.parent != CHECKOUT:
            console.note(f"This folder is closed to the database's user; its data is in {state}.")
        with demo_lock(state) as lock:
            if reset:
                _reset(state)
            for words in adopt(state):
                console.note(words)
            with Services(
                state, port=port, lock=lock, console=console, given=given, lan=address
            ) as services:
                services.open(weeks=weeks)
                console.summary(services)
                services.supervisor.watch()
    except REFUSALS as error:
        lacking = lack_of_room(CHECKOUT / ".local") if isinstance(error, ChildError) else ""
        console.failure("\n".join(filter(None, (lacking, str(error)))))
        return 1
    except OSError as error:
        console.failure(sentence(error))
        return 1
    except KeyboardInterrupt:
        pass
    except SystemExit as leaving:  # SIGTERM: what follows a signal is not a failure to explain
        return int(leaving.code or 0)
    return 0


def _reset(state: Path) -> None:
    for pattern in STATE:
        for path in state.glob(pattern):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
    make_passage(state)
