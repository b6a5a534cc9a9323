"""`python -m sandbox run -- COMMAND`: fresh services for one command, thrown away afterwards."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from sandbox.environment import inherited, new_secrets
from sandbox.places import make_passage, state_folder, throwaway_folder
from sandbox.processes.children import die_with_parent, exit_status
from sandbox.processes.guardian import Guardian
from sandbox.servers.postgres import Postgres
from sandbox.servers.valkey import Valkey

# Nothing listens there: a test that wants mail delivered or a card charged starts its own tray or
# double, and one that forgets to never reaches the world.
NO_MAIL = "smtp://127.0.0.1:9"
NO_STRIPE = "http://127.0.0.1:9"


def run(command: list[str], *, durable: bool = False) -> int:
    """Start services, run the command with their addresses, return its exit status."""
    with throwaway_services(durable=durable) as (environment, guardian):
        return run_command(command, inherited(os.environ) | environment, guardian)


@contextlib.contextmanager
def throwaway_services(*, durable: bool = False) -> Iterator[tuple[dict[str, str], Guardian]]:
    """PostgreSQL and Valkey in a temporary folder; gives the environment for the product.

    Durable ones wait for the disk as in production: what a bench is to measure.
    """
    copies = state_folder() / "wheels"
    folder = throwaway_folder(on_disk=durable)
    guardian = Guardian()
    guardian.remove_later(folder)
    sockets = folder / "run"
    make_passage(sockets)
    postgres = Postgres(folder, sockets=sockets, logs=folder, copies=copies, durable=durable)
    valkey = Valkey(folder, sockets=sockets, logs=folder, copies=copies, durable=durable)
    try:
        postgres.start(guardian)
        valkey.start(guardian)
        environment = throwaway_environment(postgres, valkey)
        yield environment, guardian
    finally:
        valkey.stop()
        postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)
        guardian.dismiss()


def throwaway_environment(postgres: Postgres, valkey: Valkey) -> dict[str, str]:
    """Every setting the product needs, whatever the caller's environment says."""
    return {
        **new_secrets(),
        "LOCAL_ENV": "",  # nothing of a demo that runs in the same checkout
        "DATABASE_URL": postgres.url,
        "REDIS_URL": valkey.url,
        "EMAIL_URL": NO_MAIL,
        "STRIPE_API_BASE": NO_STRIPE,
        "STRIPE_CHECKOUT_ORIGIN": "https://checkout.stripe.com",
        "BASE_URL": "http://127.0.0.1:8000",
        "TRUSTED_PROXY_COUNT": "0",
        "DEBUG": "0",
        "DEMO": "1",
    }


def run_command(command: list[str], environment: dict[str, str], guardian: Guardian) -> int:
    """Run the command, pass signals on to it, and return what a shell would as its status.

    At a terminal the command shares our process group: it can read the keyboard, and Ctrl-C and
    Ctrl-Z reach it from the terminal itself. Elsewhere it gets a group of its own.
    """
    shared = at_terminal()
    waiting = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
    process: subprocess.Popen[bytes] | None = None
    pending: list[int] = []

    def forward(number: int, _frame: FrameType | None) -> None:
        if shared and number == signal.SIGINT:
            return  # the terminal told the command already
        if process is None:
            pending.append(number)
        else:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(number)

    before = {number: signal.signal(number, forward) for number in waiting}
    try:
        process = subprocess.Popen(
            command,
            env=environment,
            process_group=None if shared else 0,
            preexec_fn=die_with_parent(signal.SIGTERM),
        )
    except OSError as error:
        print(f"sandbox: cannot run {command[0]}: {error.strerror}", file=sys.stderr)
        return 127 if isinstance(error, FileNotFoundError) else 126
    else:
        if shared:
            guardian.watch_process(process.pid, signal.SIGTERM)
        else:
            guardian.watch_group(process.pid, signal.SIGTERM)
        for number in pending:
            process.send_signal(number)
        return exit_status(process.wait())
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def at_terminal() -> bool:
    """Whether we are the terminal's foreground job."""
    try:
        with Path("/dev/tty").open("rb") as terminal:
            return os.tcgetpgrp(terminal.fileno()) == os.getpgrp()
    except OSError:
        return False
