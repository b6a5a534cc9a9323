"""Child processes that die with their parent, however the parent ends.

Two nets, because each has a hole. On Linux the kernel sends a child its death signal when the
parent ends (PDEATHSIG), but not the child's own children. The guardian, a small process of its own,
sees the parent's pipe close and ends whole process groups; it works on macOS too, where it is the
only net.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from sandbox.machine.identity import Identity
from sandbox.processes.guardian import Guardian
from sandbox.processes.signals import signals_held

PR_SET_PDEATHSIG = 1
START_TIMEOUT_SECONDS = 90.0  # a busy machine is slow, not broken
STOP_TIMEOUT_SECONDS = 15.0
GROUP_SECONDS = 3.0
LOG_TAIL_LINES = 20

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None

Process = subprocess.Popen[bytes]


class ChildError(RuntimeError):
    """A child ended too early or was not ready in time; the text carries its last log lines."""


class Child:
    """One running child in a process group of its own, with its log and its way to be stopped."""

    def __init__(
        self,
        name: str,
        process: Process,
        log: Path,
        stop_signal: signal.Signals,
        guardian: Guardian,
        log_start: int = 0,
    ) -> None:
        self.name = name
        self.process = process
        self.log = log
        self.stop_signal = stop_signal
        self.guardian = guardian
        self.started_at = time.monotonic()
        self.log_start = log_start  # what stands before it was said by an earlier one

    @classmethod
    def start(
        cls,
        name: str,
        command: Sequence[str | Path],
        *,
        log: Path,
        guardian: Guardian,
        stop_signal: signal.Signals = signal.SIGTERM,
        run_as: Identity | None = None,
        env: Mapping[str, str] | None = None,
        cwd: Path = Path("/"),
        output: Path | None = None,
    ) -> Child:
        """Start a child; what it prints goes to its log, or its stdout to `output`. Call it from
        the main thread: the kernel sends the death signal when the *thread* that forked ends, not
        when the process does."""
        with log.open("ab") as errors, (output or log).open("ab") as words:
            log_start = errors.seek(0, os.SEEK_END)
            with signals_held():
                process = subprocess.Popen(
                    [str(word) for word in command],
                    stdin=subprocess.DEVNULL,
                    stdout=words,
                    stderr=errors,
                    cwd=cwd,
                    env=env,
                    # Ctrl-C reaches the parent alone, which then stops its children in order.
                    process_group=0,
                    preexec_fn=die_with_parent(stop_signal),
                    **(run_as or Identity()).popen_options(),
                )
                guardian.watch_group(process.pid, stop_signal)
        return cls(name, process, log, stop_signal, guardian, log_start)

    def wait_until(self, is_ready: Callable[[], bool]) -> None:
        """Wait for the child to be ready; raise ChildError when it ends or takes too long."""
        deadline = time.monotonic() + START_TIMEOUT_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise ChildError(self.obituary())
            if is_ready():
                return
            time.sleep(0.02)
        raise ChildError(f"{self.name} was not ready in time.\n{self.log_tail()}")

    def stop(self) -> None:
        """Ask the child to stop, then make it; its own children never outlive it."""
        if self.process.poll() is None:
            self.process.send_signal(self.stop_signal)
            try:
                self.process.wait(STOP_TIMEOUT_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        kill_group(self.process.pid)

    def said(self) -> str:
        """What it has logged since it was started."""
        with self.log.open("rb") as log:
            log.seek(self.log_start)
            return log.read().decode(errors="replace")

    def obituary(self) -> str:
        """What to tell a person about a child that has ended."""
        return f"{self.name} {ending(self.process.returncode)}.\n{self.log_tail()}"

    def log_tail(self) -> str:
        """The last lines of the child's log, with where to find the rest."""
        lines = self.log.read_text(errors="replace").splitlines()[-LOG_TAIL_LINES:]
        return "\n".join([f"The last lines of {self.log}:", *(f"  {line}" for line in lines)])


def die_with_parent(death_signal: signal.Signals) -> Callable[[], None]:
    """What the child runs between fork and exec. `subprocess` changes the user before it calls
    this, and it must be so: a change of user clears the death signal."""
    parent = os.getpid()

    def prepare() -> None:
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, death_signal)
        if os.getppid() != parent:  # the parent died before the signal was set
            os._exit(1)

    return prepare


def follow_parent() -> None:
    """End as if by SIGTERM when our own parent ends: a killed `make` takes us with it."""
    parent = os.getppid()
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        return

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


def kill_group(group: int) -> None:
    """End what is left of a process group, if anything."""
    try:
        os.killpg(group, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def end_group(group: int) -> None:
    """End what is left of a process group and wait until it is gone: it may hold a port."""
    kill_group(group)
    deadline = time.monotonic() + GROUP_SECONDS
    while group_lives(group) and time.monotonic() < deadline:
        time.sleep(0.01)


def group_lives(group: int) -> bool:
    """Whether a process group has members, those that ended and were not collected among them."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def ending(status: int) -> str:
    """A child's exit status in words."""
    if status < 0:
        return f"was ended by {signal.Signals(-status).name}"
    return f"ended with status {status}"


def exit_status(status: int) -> int:
    """`subprocess` says -15 for a child ended by SIGTERM where a shell says 143."""
    return 128 - status if status < 0 else status


def read_line(stream: IO[bytes]) -> str:
    """One line of a child's output, without its end."""
    return stream.readline().decode().rstrip("\n")
