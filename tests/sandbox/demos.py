"""A demo that a test starts, what it has said so far, and copies of this checkout for it."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from sandbox.environment import inherited
from sandbox.places import CHECKOUT
from tests.product import PRODUCT
from tests.server import free_port

STAND_IN = Path(__file__).parent / "product"
START_SECONDS = 120
FOLDERS = (
    *PRODUCT,
    "sandbox",
    "deploy",
    "static",
    "templates",
    "locale",
)
"""The folders that a demo needs."""


def copy_product(folder: Path) -> None:
    """What a demo of a copy needs, so that one that is open here is left alone."""
    for name in filter(lambda name: (CHECKOUT / name).is_dir(), FOLDERS):
        # With what Python compiled: each file keeps its time, so that it need not be compiled anew.
        half_written = shutil.ignore_patterns("*.pyc.*")
        shutil.copytree(CHECKOUT / name, folder / name, ignore=half_written)
    for name in ("manage.py", ".env.example"):
        shutil.copy(CHECKOUT / name, folder)


class Demo:
    """A demo of a checkout, with what it has said so far."""

    def __init__(
        self, checkout: Path, *options: str, port: int = 0, within: Sequence[str] = (), **env: str
    ) -> None:
        """`within`: words before the command, which say where it is to run."""
        self.checkout = checkout
        self.port = port or free_port()
        self.screen = checkout / f"screen-{time.monotonic_ns()}"
        with self.screen.open("wb") as screen:
            self.process = subprocess.Popen(
                [*within, sys.executable, "-m", "sandbox", "demo", *options],
                cwd=checkout,
                env=self._environment(env),
                stdout=screen,
                stderr=screen,
                start_new_session=True,
            )

    def _environment(self, more: dict[str, str]) -> dict[str, str]:
        return {**inherited(os.environ), "PORT": str(self.port), "COLUMNS": "200", **more}

    @property
    def said(self) -> str:
        return self.screen.read_text()

    def wait_until_open(self, *, seconds: float = START_SECONDS) -> None:
        deadline = time.monotonic() + seconds
        while "Ctrl-C stops everything" not in self.said:
            assert self.process.poll() is None, self.said
            assert time.monotonic() < deadline, self.said
            time.sleep(0.05)

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(60)
