"""The signals that end a program: none is lost, and none comes between a fork and knowing of it.

A handler that raises is not enough. Python throws away what is raised inside a destructor, a weak
reference's callback or a fork's hook, logging's among them: whoever is told to end just then would live on.
"""

from __future__ import annotations

import contextlib
import signal
import sys
from collections.abc import Callable, Iterator
from types import FrameType

ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
AGAIN_SECONDS = 0.05

Handler = Callable[[int, FrameType | None], None]


def leave_on(*numbers: signal.Signals) -> None:
    """From now on each of these signals raises SystemExit(128 + its number) in the main thread, SIGINT
    KeyboardInterrupt; one that Python threw away is raised again. Uses SIGALRM."""
    for number in numbers:
        signal.signal(number, _leave)
    sys.unraisablehook = _raise_again


def ignore_endings() -> None:
    """From now on nothing ends us but SIGKILL: for a clean-up that has its own time limits."""
    for number in (*ENDING_SIGNALS, signal.SIGALRM):
        signal.signal(number, signal.SIG_IGN)


@contextlib.contextmanager
def signals_held() -> Iterator[None]:
    """A signal that would end us waits for the end of the block: who was forked in it is known then.
    Off the main thread nothing is held, since signals never come there."""
    pending: list[int] = []
    try:
        before = {
            number: signal.signal(number, lambda came_now, _: pending.append(came_now))
            for number in ENDING_SIGNALS
        }
    except ValueError:
        before = {}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for came in pending:
            signal.raise_signal(came)


def _leave(number: int, _frame: FrameType | None) -> None:
    if number == signal.SIGINT:
        raise KeyboardInterrupt
    sys.exit(128 + number)


def _raise_again(lost: sys.UnraisableHookArgs) -> None:
    error = lost.exc_value
    if not isinstance(error, SystemExit | KeyboardInterrupt):
        sys.__unraisablehook__(lost)
        return
    kind, told = type(error), error.args

    def raise_it(_number: int, _frame: FrameType | None) -> None:
        raise kind(*told)

    signal.signal(signal.SIGALRM, raise_it)
    signal.setitimer(signal.ITIMER_REAL, AGAIN_SECONDS)
