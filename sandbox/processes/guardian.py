"""A small process that outlives its parent just long enough to clean up after it.

The parent holds the only other end of a pipe. When the parent ends in order it says `done`. When it
is killed, the pipe closes without that word, and the guardian stops every process group it was told
of, last started first, and removes the folders and files that were meant for that run only.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

GRACE_SECONDS = 6.0


class Guardian:
    """The parent's side: what to clean up, said as soon as it exists."""

    def __init__(self, keep_open: Sequence[int] = ()) -> None:
        """`keep_open`: file descriptors to hold until the clean-up is done, such as a lock's."""
        # By its path, so that it starts in any folder. In a session of its own, so that neither
        # Ctrl-C nor a signal to the parent's group reaches it.
        self.process = subprocess.Popen(
            [sys.executable, "-IS", str(Path(__file__).resolve())],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,
            pass_fds=keep_open,
        )

    def watch_group(self, group: int, stop_signal: signal.Signals) -> None:
        """Stop this process group, should we be killed."""
        self._say("group", f"{group} {int(stop_signal)}")

    def forget_group(self, group: int) -> None:
        """This group is gone: its number may come to be somebody else's."""
        self._say("forget", str(group))

    def watch_process(self, pid: int, stop_signal: signal.Signals) -> None:
        """Stop this one process, should we be killed."""
        self._say("process", f"{pid} {int(stop_signal)}")

    def remove_later(self, path: Path) -> None:
        """Remove this file or folder, should we be killed."""
        self._say("remove", str(path))

    def dismiss(self) -> None:
        """All is cleaned up: the guardian has nothing to do."""
        self._say("done", "")
        if self.process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self.process.stdin.close()
        self.process.wait()

    def _say(self, word: str, rest: str) -> None:
        if self.process.stdin is None:
            return
        with contextlib.suppress(BrokenPipeError):  # a guardian that was killed cannot help
            self.process.stdin.write(f"{word} {rest}\n".encode())
            self.process.stdin.flush()


def clean_up(orders: Iterable[str]) -> None:
    """Carry out the orders of a parent that was killed."""
    targets: list[tuple[int, int]] = []
    paths: list[Path] = []
    for order in orders:
        word, _, rest = order.partition(" ")
        if word == "remove":
            paths.append(Path(rest))
        elif word == "forget":
            targets = [(target, number) for target, number in targets if target != -int(rest)]
        else:
            pid, stop_signal = map(int, rest.split())
            targets.append((-pid if word == "group" else pid, stop_signal))
    for target, stop_signal in reversed(targets):
        send(target, stop_signal)
    deadline = time.monotonic() + GRACE_SECONDS
    while time.monotonic() < deadline and any(send(target, 0) for target, _ in targets):
        time.sleep(0.05)
    for target, _ in targets:
        send(target, signal.SIGKILL)
    for path in paths:
        remove(path)


def send(target: int, number: int) -> bool:
    """Send a signal to a process, or to a group where the number is negative; False if gone."""
    try:
        os.kill(target, number)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def remove(path: Path) -> None:
    """Remove a file or a folder, whatever is left of it."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def main() -> None:
    """Read orders until the pipe closes; act only if nobody said `done`."""
    orders = [line.rstrip("\n") for line in sys.stdin]
    if not any(order.split(" ")[0] == "done" for order in orders):
        clean_up(orders)


if __name__ == "__main__":
    main()
