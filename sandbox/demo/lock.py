"""One demo at a time in a checkout."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

PREDECESSOR_SECONDS = 15.0


class AlreadyRunningError(RuntimeError):
    """Another demo runs in this checkout."""


@contextlib.contextmanager
def demo_lock(state: Path) -> Iterator[int]:
    """Hold the checkout's lock; gives its file descriptor.

    The guardian is given the same descriptor, so that the lock of a demo that was killed is free
    only when its children are gone. Such a demo is waited for, a living one is not.
    """
    descriptor = os.open(state / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _take(descriptor)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield descriptor
    finally:
        os.close(descriptor)


def _take(descriptor: int) -> None:
    deadline = time.monotonic() + PREDECESSOR_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(descriptor, 32, 0).decode().strip()
            if _is_alive(holder) or time.monotonic() > deadline:
                raise AlreadyRunningError(
                    f"A demo already runs in this checkout (process {holder or 'unknown'}).\n"
                    "Stop that one first, or use it: the address is where it was started."
                ) from None
            time.sleep(0.1)
        else:
            return


def _is_alive(pid: str) -> bool:
    if not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
