"""The whole product with demo data: the same as `make demo`.

It asks for no setting, since the demo brings its own: manage.py runs it before any are read.
"""

import signal
import subprocess
import sys
from pathlib import Path
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

CHECKOUT = Path(__file__).resolve().parents[3]
PASSED_ON = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Command(BaseCommand):
    help = "Run everything on this machine, with demo data, until Ctrl-C. PORT chooses the port."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--reset", action="store_true", help="begin anew: forget earlier data")
        parser.add_argument(
            "--external",
            choices=("yes", "no"),
            help="whether services that the shell names (DATABASE_URL, ...) are used",
        )

        parser.add_argument(
            "--lan",
            metavar="ADDRESS",
            help="open it to the local network: 1, or this machine's address there",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        command = [sys.executable, "-m", "sandbox", "demo", "--follow-parent"]
        command += ["--reset"] if options["reset"] else []
        command += [f"--external={options['external']}"] if options["external"] else []
        command += [f"--lan={options['lan']}"] if options["lan"] else []
        sys.exit(run(command))


def run(command: list[str]) -> int:
    """Run it in the checkout, pass signals on to it, and answer its exit status as a shell would.

    It has a process group of its own, so that Ctrl-C reaches it once: from here.
    """
    process: subprocess.Popen[bytes] | None = None
    early: list[int] = []

    def pass_on(number: int, _frame: FrameType | None) -> None:
        if process is None:
            early.append(number)
        else:
            process.send_signal(number)

    before = {number: signal.signal(number, pass_on) for number in PASSED_ON}
    try:
        process = subprocess.Popen(command, cwd=CHECKOUT, process_group=0)
        for number in early:
            process.send_signal(number)
        status = process.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return status if status >= 0 else 128 - status
