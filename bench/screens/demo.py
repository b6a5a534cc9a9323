"""A demo of a copy of a checkout, its clocks set to one moment, and what it tells of how to get in."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import time
import urllib.parse
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from sandbox.environment import inherited
from sandbox.places import free_port, throwaway_folder

OPENS_AT = datetime(2026, 11, 11, 19, 0, tzinfo=UTC)
"""The shops of both brands are open: it is 11 in Seattle, 20 in Hamburg."""
OPENING_SECONDS = 600
STOPPING_SECONDS = 60
QUIET_SECONDS = 6
OPEN = "Ctrl-C stops everything"
CLOCK = Path(__file__).parent / "clock"


class DemoFailedError(Exception):
    """It did not open; with what it said."""


class Demo:
    """Use it as a context: leaving stops it and takes away its copy and data."""

    def __init__(self, checkout: Path, *, weeks: int) -> None:
        """`checkout` has its own .venv; `weeks` of history are played."""
        self.checkout, self.weeks = checkout.resolve(), weeks

    def __enter__(self) -> Demo:
        self.folder = throwaway_folder(on_disk=True)
        try:
            copy(self.checkout, self.folder)
            self._start()
            self._wait_until_open()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._stop()

    @property
    def said(self) -> str:
        """What its terminal shows."""
        return self.screen.read_text()

    def one(self, pattern: str) -> str:
        """What this pattern, or its group, finds in what was said."""
        found = re.search(pattern, self.said)
        if not found:
            raise DemoFailedError(f"{pattern} was not printed:\n{self.said}")
        return found[1] if found.groups() else found[0]

    @property
    def url(self) -> str:
        """Where the product answers."""
        return self.one(r"(http://127\.0\.0\.1:\d+)/shop/")

    @property
    def tray(self) -> str:
        """Where its mail lies."""
        return self.one(r"Mail tray +(http://127\.0\.0\.1:\d+)")

    @property
    def password(self) -> str:
        """Everybody's, in the studio."""
        return self.one(r"Password of everybody: (\S.*)").strip()

    def account(self, role: str) -> str:
        """The first brand's e-mail address for this role."""
        return self.one(rf"(\S+@\S+)  [^\n,]+, {role}")

    def pairing_link(self) -> str:
        """Makes a tablet of the first brand's first store, once."""
        return self.one(r"http\S+/till/pair/#\S+")

    def person_at_till(self, *, manager: bool) -> tuple[str, str]:
        """Name and PIN of the first of them in the first store."""
        row = self.one(r"PINs +([^\n]+)")
        pattern = r"(\S+) (\d{4,8}) \(manager\)" if manager else r"(\S+) (\d{4,8})(?! \(manager\))"
        found = re.search(pattern, row)
        if not found:
            raise DemoFailedError(f"Nobody like that in: {row}")
        return found[1], found[2]

    def letters(self, address: str = "") -> list[dict[str, Any]]:
        """What lies in the tray for this address, newest first; for everybody if none is named."""
        query = urllib.parse.urlencode({"to": address} if address else {})
        found: list[dict[str, Any]] = _ask(f"{self.tray}/api/messages?{query}")["messages"]
        return found

    def letter(self, address: str, *, seconds: float = 60) -> dict[str, Any]:
        """The newest for this address with its text, once there is one."""
        ends = time.monotonic() + seconds
        while not (found := self.letters(address)):
            if time.monotonic() > ends:
                raise DemoFailedError(f"No letter for {address}.")
            time.sleep(0.5)
        whole: dict[str, Any] = _ask(f"{self.tray}/api/messages/{found[0]['id']}")
        return whole

    def wait_until_quiet(self) -> None:
        """The letters of the history's last hours are sent while it opens; figures tell of them."""
        ends, before = time.monotonic() + OPENING_SECONDS, -1
        while (lie := len(self.letters())) != before:
            if time.monotonic() > ends:
                raise DemoFailedError("Its letters come without an end.")
            before = lie
            time.sleep(QUIET_SECONDS)

    def _start(self) -> None:
        self.screen = self.folder / "terminal"
        more = {
            "PORT": str(free_port()),
            "COLUMNS": "200",
            "PYTHONPATH": str(CLOCK),
            "SCREENS_CLOCK_SHIFT": str(OPENS_AT.timestamp() - time.time()),
        }
        python = self.checkout / ".venv" / "bin" / "python"
        with self.screen.open("wb") as terminal:
            self.process = subprocess.Popen(
                [python, "-m", "sandbox", "demo", "--follow-parent", f"--weeks={self.weeks}"],
                cwd=self.folder,
                env=inherited(os.environ) | more,
                stdout=terminal,
                stderr=terminal,
                start_new_session=True,
            )

    def _wait_until_open(self) -> None:
        ends = time.monotonic() + OPENING_SECONDS
        while OPEN not in self.said:
            if self.process.poll() is not None or time.monotonic() > ends:
                raise DemoFailedError(self.said)
            time.sleep(0.1)

    def _stop(self) -> None:
        process = getattr(self, "process", None)
        if process and process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.wait(STOPPING_SECONDS)
        shutil.rmtree(self.folder, ignore_errors=True)


def copy(checkout: Path, folder: Path) -> None:
    """What git knows of a checkout or would take in, as it is now, but for tests."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=checkout,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        source, target = checkout / name, folder / name
        if name.startswith("tests/") or not source.is_file():  # deleted, not committed yet
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)


def _ask(url: str) -> dict[str, Any]:
    with urllib.request.urlopen(url, timeout=20) as answer:
        found: dict[str, Any] = json.load(answer)
    return found
