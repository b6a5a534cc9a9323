"""The product as it is deployed: `make demo` in a copy of this checkout, so that one that is open here
is left alone, with logs that stay when something went wrong."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from sandbox.environment import inherited
from sandbox.places import CHECKOUT, free_port, throwaway_folder

COPIED = (
    "giftshop",
    "redemption",
    "campaigns",
    "demo",
    "brands",
    "core",
    "sandbox",
    "deploy",
    "static",
    "templates",
    "locale",
    "bench",
)
OPEN_SECONDS = 300.0
STOP_SECONDS = 60.0
THREADS = "4"
"""As many connections as a web worker has threads: a pool with room for more grows into it as chance has
it, and shrinks after ten minutes; what leaks could not be told from that."""
SOUND = Path("giftshop/postgresql/base.py")
LEAKY = CHECKOUT / "bench" / "soak" / "leaky_base.py"
OPEN = "Ctrl-C stops everything"


def environment() -> dict[str, str]:
    """Nothing of the caller's that is a setting of the product: no database of theirs is ever filled."""
    return {**inherited(os.environ), "DATABASE_POOL_SIZE": THREADS}


class DemoCopy:
    """A demo of its own. Use it as a context: leaving stops all of it."""

    def __init__(self, *, leaks: bool = False) -> None:
        """`leaks`: the control, with a leak put back."""
        self.folder = throwaway_folder(on_disk=True)
        self.screen = self.folder / "screen.log"
        self.port = free_port()
        self.leaks = leaks
        self.keep = False
        """Leave the folder with its logs."""

    def __enter__(self) -> "DemoCopy":
        for name in filter(lambda name: (CHECKOUT / name).is_dir(), COPIED):
            leave_out = shutil.ignore_patterns("__pycache__")
            shutil.copytree(CHECKOUT / name, self.folder / name, ignore=leave_out)
        for name in ("manage.py", ".env.example"):
            shutil.copy(CHECKOUT / name, self.folder)
        if self.leaks:
            (self.folder / SOUND).unlink()
            shutil.copy(LEAKY, self.folder / SOUND)
        with self.screen.open("wb") as screen:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "sandbox", "demo", "--weeks", "1", "--follow-parent"],
                cwd=self.folder,
                env={**environment(), "PORT": str(self.port), "COLUMNS": "200"},
                stdin=subprocess.DEVNULL,
                stdout=screen,
                stderr=screen,
                start_new_session=True,
            )
        try:
            self._wait_until_open()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._stop()
        failed = kind is not None and issubclass(kind, Exception)
        if failed:
            print(f"  Logs: {self.logs}")
        if not self.keep and not failed:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _wait_until_open(self) -> None:
        deadline = time.monotonic() + OPEN_SECONDS
        while OPEN not in self.said:
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"The demo did not open:\n{self.said[-3000:]}")
            time.sleep(0.1)

    def _stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    @property
    def said(self) -> str:
        """What the demo has printed so far."""
        return self.screen.read_text(errors="replace")

    @property
    def logs(self) -> Path:
        return self.folder / ".local" / "logs"

    def one(self, pattern: str) -> str:
        """The group of a pattern in what the demo said; raises RuntimeError without it."""
        found = re.search(pattern, self.said)
        if found is None:
            raise RuntimeError(f"The demo did not say {pattern}:\n{self.said[-3000:]}")
        return found[1]

    @property
    def url(self) -> str:
        return self.one(r"Giftshop +(http\S+)")

    @property
    def tray(self) -> str:
        return self.one(r"Mail tray +(http\S+)")

    @property
    def double(self) -> str:
        return self.one(r"Stripe double +(http\S+?)/_double/")

    @property
    def boot_seconds(self) -> float:
        """How long web server, worker and beat took to start: what this machine can do."""
        return float(self.one(r"Web server, .*beat ([\d.]+) s"))

    def manage(self, *words: str) -> str:
        """Run a command of the product's and answer what it printed. Raises RuntimeError with its
        last words when it fails."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=self.folder,
            env=environment(),
            capture_output=True,
            text=True,
        )
        if done.returncode:
            said = (done.stdout + done.stderr)[-2000:]
            raise RuntimeError(f"manage.py {words[0]} failed: {said}")
        return done.stdout
