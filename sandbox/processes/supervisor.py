"""Parts that are started again when they end, for as long as whoever started them wants them.

A part whose process ends takes its own children with it: they would live on with its port or its work.
Once they are gone it is started anew, at once the first time, later and later when it ends again and
again. Whoever cannot start five times within a minute is given up, with its last words.

All of it happens in the main thread (see Child.start) and nothing waits for one part while another dies.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox.processes.children import START_TIMEOUT_SECONDS, Child, ChildError, end_group, ending
from sandbox.processes.signals import signals_held

WATCH_SECONDS = 0.2
SETTLED_SECONDS = 3.0
"""Who ends sooner than this after a start is started again after a pause; given up is only who fails to
answer five times."""
LASTS_SECONDS = 1.0
FAILURES_MAX = 5
FAILURES_WITHIN_SECONDS = 60.0
PAUSE_SECONDS_MAX = 8.0


def lasts(child: Child) -> bool:
    """Ready is, of whom no more is known, who did not end at once."""
    return time.monotonic() - child.started_at > LASTS_SECONDS


@dataclass
class Part:
    """One lasting process, and how it is started, known to be ready, and told of.

    `start` forks and returns at once; `is_ready` answers at once, too. `replaced` finds the lines of its
    log in which it says that it replaced a process of its own; the groups of the pattern are shown.
    """

    name: str
    start: Callable[[], Child]
    is_ready: Callable[[Child], bool] = lasts
    replaced: re.Pattern[str] | None = None
    child: Child | None = None
    ended: str = ""
    """How it ended last; empty once it is ready."""
    began_at: float = 0.0
    start_at: float = 0.0
    failures: list[float] = field(default_factory=list)
    log_read: int = 0


class Supervisor:
    """Starts parts in order, watches them, and stops them in reverse. `say` is given one line each
    time something was, or could not be, started again."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say
        self.parts: list[Part] = []

    def add(self, part: Part) -> Child:
        """Start a part, and watch it from now on."""
        self.parts.append(part)
        return self._start(part)

    def wait_until_ready(self, part: Part) -> Child:
        """Wait for the first start; raises ChildError when it fails."""
        child = part.child
        if child is None:
            raise ChildError(f"{part.name} was not started.")
        child.wait_until(lambda: part.is_ready(child))
        return child

    def check(self) -> None:
        """Raise ChildError when a part has ended: while not all are open, nothing is started again."""
        for part in self.parts:
            if part.child and part.child.process.poll() is not None:
                raise ChildError(part.child.obituary())

    def watch(self) -> None:
        """Start again what ends, until a signal comes or a part has to be given up (ChildError)."""
        while True:
            self.look_after_all()
            time.sleep(WATCH_SECONDS)

    def look_after_all(self) -> None:
        """One round."""
        for part in self.parts:
            self._tell_of_replaced(part)
            if part.child is None:
                if time.monotonic() >= part.start_at:
                    self._start(part)
            elif part.child.process.poll() is not None:
                self._bury(part, part.child, ending(part.child.process.returncode))
            elif part.ended and part.is_ready(part.child):
                seconds = time.monotonic() - part.began_at
                self.say(f"{part.name} {part.ended}: started again, ready after {seconds:.1f} s.")
                part.ended = ""
            elif part.ended and time.monotonic() - part.began_at > START_TIMEOUT_SECONDS:
                part.child.stop()
                self._bury(part, part.child, "was not ready in time")

    def stop(self) -> None:
        """Stop all parts, the last one first."""
        for part in reversed(self.parts):
            if part.child:
                part.child.stop()

    def _start(self, part: Part) -> Child:
        with signals_held():  # until the part knows its child
            part.child = part.start()
        part.began_at = time.monotonic()
        if not part.log_read:
            part.log_read = part.child.log_start
        return part.child

    def _bury(self, part: Part, child: Child, how: str) -> None:
        now = time.monotonic()
        failed = bool(part.ended) or now - part.began_at < SETTLED_SECONDS
        recent = [at for at in part.failures if now - at < FAILURES_WITHIN_SECONDS]
        part.failures = [*recent, now] if failed else recent
        if part.ended and len(part.failures) >= FAILURES_MAX:  # one that answered is started again
            raise ChildError(
                f"{part.name} could not be started {FAILURES_MAX} times within a minute.\n"
                + child.obituary()
            )
        end_group(child.process.pid)
        child.guardian.forget_group(child.process.pid)
        part.child, part.ended = None, how
        pause = min(2.0 ** (len(part.failures) - 1), PAUSE_SECONDS_MAX) if failed else 0.0
        part.start_at = now + pause
        if failed:
            self.say(f"{part.name} {how} again: next try in {pause:.0f} s. Its log: {child.log}")

    def _tell_of_replaced(self, part: Part) -> None:
        if part.replaced is None or part.child is None:
            return
        lines, part.log_read = read_whole_lines(part)
        for found in part.replaced.finditer(lines):
            words = " ".join(word for word in found.groups() if word)
            self.say(f"{part.name}: {words}; another takes its place.")


def read_whole_lines(part: Part) -> tuple[str, int]:
    """What a part has logged since it was last looked at, and how far that is."""
    if part.child is None or part.child.log.stat().st_size <= part.log_read:
        return "", part.log_read
    with part.child.log.open("rb") as log:
        log.seek(part.log_read)
        new = log.read()
    whole = new[: new.rfind(b"\n") + 1]
    return whole.decode(errors="replace"), part.log_read + len(whole)
