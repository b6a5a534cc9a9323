"""Asks convert.py about a picture, in a process of its own: what it opens may have been made to harm."""

from pathlib import Path
from typing import IO, Any

from giftshop.http import bounded_program

PROGRAM = Path(__file__).with_name("convert.py")
SECONDS_MAX = 25
"""By the clock, however busy the machine is; convert.py has fewer of the processor's."""


def ask(file: IO[bytes], **asked: Any) -> dict[str, Any]:
    """What convert.py answers, see giftshop/http/bounded_program.py."""
    return bounded_program.ask(PROGRAM, file, seconds_max=SECONDS_MAX, **asked)
