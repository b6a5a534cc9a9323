"""A program that is told to end does so, also when Python throws away what the handler raised."""

import signal
import subprocess
import sys

import pytest

from sandbox.places import CHECKOUT
from sandbox.processes.signals import signals_held

SWALLOWING = {
    "destructor": """
gone = type("Gone", (), {"__del__": lambda self: signal.raise_signal(NUMBER)})()
del gone
""",
    "fork's hook": """
os.register_at_fork(before=lambda: signal.raise_signal(NUMBER))
subprocess.run(["true"], preexec_fn=lambda: None)
""",
}


def ended(how: str, number: signal.Signals, handlers: str) -> int:
    """How a program ended that a signal came to at that moment; 0 if it lived on."""
    program = (
        "import os, signal, subprocess, sys, time\nfrom sandbox.processes.signals import leave_on\n"
        f"NUMBER = signal.{number.name}\n{handlers}\n{SWALLOWING[how]}\n"
        "time.sleep(float(sys.argv[1]))"
    )
    seconds = "20" if "leave_on" in handlers else "0.5"
    done = subprocess.run(
        [sys.executable, "-c", program, seconds], cwd=CHECKOUT, capture_output=True, timeout=60
    )
    return done.returncode


@pytest.mark.parametrize("how", SWALLOWING)
def test_a_signal_whose_exception_is_thrown_away_comes_again(how: str) -> None:
    assert ended(how, signal.SIGTERM, "leave_on(NUMBER)") == 128 + signal.SIGTERM
    assert ended(how, signal.SIGINT, "leave_on(NUMBER)") == -signal.SIGINT


@pytest.mark.parametrize("how", SWALLOWING)
def test_the_control_lives_on(how: str) -> None:
    handler = "signal.signal(NUMBER, lambda *_: sys.exit(1))"
    assert ended(how, signal.SIGTERM, handler) == 0


def test_signals_are_held_and_given_back_to_who_had_them() -> None:
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt), signals_held():
            signal.raise_signal(signal.SIGTERM)
            reached = True
        assert reached
        assert signal.getsignal(signal.SIGTERM) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGTERM, before)
